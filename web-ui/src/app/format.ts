/** Numbers as people read them. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(value: number | undefined | null): string {
  if (value === undefined || value === null) return '–';
  let scaled = value;
  let unit = 0;
  while (Math.abs(scaled) >= 1024 && unit < UNITS.length - 1) {
    scaled /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
  return `${trimmed(scaled.toFixed(digits))} ${UNITS[unit]}`;
}

/** Reads `512MiB`, `1.5G`, `1024`; undefined if it is none of these. */
export function parseBytes(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGTP]?)(i?)B?\s*$/i.exec(text);
  if (!match) return undefined;
  const power = 'KMGTP'.indexOf((match[2] ?? '').toUpperCase()) + 1;
  const base = match[3] || match[2] === '' ? 1024 : 1000;
  return Math.round(Number(match[1]) * base ** (match[2] ? power : 0));
}

export function cores(value: number): string {
  return trimmed(value !== 0 && value < 0.01 ? value.toPrecision(1) : value.toFixed(2));
}

export function percent(fraction: number): string {
  return `${trimmed((fraction * 100).toFixed(fraction < 0.1 ? 1 : 0))}%`;
}

/** `3 s`, `5 min`, `2 h`, `4 d`: the largest unit that fits, for "since" and "until". */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A time as it was set, exactly: `90 s`, `5 min`, `2 h`. */
export function exactSpan(seconds: number): string {
  for (const [unit, length] of [['d', 86_400], ['h', 3600], ['min', 60]] as const) {
    if (seconds > 0 && seconds % length === 0) return `${seconds / length} ${unit}`;
  }
  return `${seconds} s`;
}

export function ago(instant: string | undefined, now: number = Date.now()): string {
  return instant ? span(now - Date.parse(instant)) : '–';
}

export function dateTime(instant: string | undefined): string {
  return instant ? new Date(instant).toLocaleString() : '–';
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** A command as it could be typed into a shell. */
export function shellQuoted(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

/** Splits what was typed into words as a shell would: quotes and backslashes, no variables. */
export function words(text: string): string[] {
  const found: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const each = text[i]!;
    if (quote) {
      if (each === quote) quote = '';
      else if (each === '\\' && quote === '"' && i + 1 < text.length) word = (word ?? '') + text[++i]!;
      else word = (word ?? '') + each;
    } else if (each === '"' || each === "'") {
      quote = each;
      word ??= '';
    } else if (each === '\\' && i + 1 < text.length) {
      word = (word ?? '') + text[++i]!;
    } else if (/\s/.test(each)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + each;
    }
  }
  if (word !== undefined) found.push(word);
  return found;
}

function trimmed(number: string): string {
  return number.includes('.') ? number.replace(/\.?0+$/, '') : number;
}
