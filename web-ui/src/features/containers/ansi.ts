/** A piece of text in one style, as the escape sequences of ECMA-48 (SGR) ask for. */
export interface Run {
  text: string;
  className: string;
}

// eslint-disable-next-line no-control-regex -- escape sequences are control characters
const SEQUENCE = /\x1b\[([0-9;:]*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]|[\x00-\x08\x0b-\x1f\x7f]/g;

interface Style {
  colour: number | undefined;
  bold: boolean;
  faint: boolean;
  underline: boolean;
}

const PLAIN: Style = { colour: undefined, bold: false, faint: false, underline: false };

/** Splits a line of a log into runs: colours are kept, every other control sequence is dropped. */
export function runs(line: string): Run[] {
  const found: Run[] = [];
  let style = PLAIN;
  let from = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    push(found, line.slice(from, match.index), style);
    from = match.index + match[0].length;
    if (match[2] === 'm') style = changed(style, match[1] ?? '');
  }
  push(found, line.slice(from), style);
  return found;
}

/** The text alone, to search in. */
export function plain(line: string): string {
  return line.replace(SEQUENCE, '');
}

function push(found: Run[], text: string, style: Style): void {
  if (text) found.push({ text, className: className(style) });
}

function className({ colour, bold, faint, underline }: Style): string {
  return [colour !== undefined && `ansi-${colour}`, bold && 'ansi-bold', faint && 'ansi-faint', underline && 'ansi-underline']
    .filter(Boolean)
    .join(' ');
}

function changed(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  let next = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) next = { ...PLAIN };
    else if (code === 1) next.bold = true;
    else if (code === 2) next.faint = true;
    else if (code === 4) next.underline = true;
    else if (code === 22) next.bold = next.faint = false;
    else if (code === 24) next.underline = false;
    else if (code >= 30 && code <= 37) next.colour = code - 30;
    else if (code >= 90 && code <= 97) next.colour = code - 90 + 8;
    else if (code === 39) next.colour = undefined;
    else if (code === 38 || code === 48) {
      // 5;n is one of 256 colours, of which the first 16 are shown; 2;r;g;b is skipped
      if (code === 38 && codes[i + 1] === 5 && codes[i + 2]! < 16) next.colour = codes[i + 2];
      i += codes[i + 1] === 5 ? 2 : 4;
    }
  }
  return next;
}
