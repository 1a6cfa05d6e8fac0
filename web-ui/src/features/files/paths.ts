/** Paths inside a container: always absolute, never with `.` or `..` once they are normal. */

export function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function join(directory: string, name: string): string {
  return normal(`${directory}/${name}`);
}

/** What a path means that may be relative, as to a link's own directory. */
export function resolved(directory: string, path: string): string {
  return path.startsWith('/') ? normal(path) : join(directory, path);
}

export function parent(path: string): string {
  return join(path, '..');
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Every directory on the way, the root first. */
export function crumbs(path: string): { name: string; path: string }[] {
  const parts = normal(path).split('/').filter(Boolean);
  return [{ name: '/', path: '/' }, ...parts.map((name, index) => ({ name, path: `/${parts.slice(0, index + 1).join('/')}` }))];
}

/** `rwxr-xr-x` of an octal mode, with set-id and sticky bits. */
export function permissions(mode: string): string {
  const bits = parseInt(mode, 8);
  let text = '';
  for (let shift = 6; shift >= 0; shift -= 3) {
    const three = bits >> shift;
    const special = (bits >> 9) & (shift === 6 ? 4 : shift === 3 ? 2 : 1);
    const letter = shift === 0 ? 't' : 's';
    const last = three & 1 ? (special ? letter : 'x') : special ? letter.toUpperCase() : '-';
    text += (three & 4 ? 'r' : '-') + (three & 2 ? 'w' : '-') + last;
  }
  return text;
}

/** The directory that a shell reports by OSC 7: `file://host/path`, percent-encoded or not. */
export function reportedDirectory(report: string): string | undefined {
  const path = /^file:\/\/[^/]*(\/.*)$/.exec(report)?.[1];
  if (path === undefined) return undefined;
  try {
    return normal(decodeURIComponent(path));
  } catch {
    return normal(path);
  }
}
