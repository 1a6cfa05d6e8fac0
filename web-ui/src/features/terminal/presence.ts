import type { Role } from './protocol';

/** One who is attached to a process, as the server tells (docs/streams.md). */
export interface Participant {
  name: string;
  role: Role;
  /** It is this window. */
  you: boolean;
}

export interface Presence {
  /** How many are attached, this window included; there may be more than are named. */
  clients: number;
  attached: readonly Participant[];
}

export const ALONE: Presence = { clients: 1, attached: [] };

/** A person at a terminal, however many windows show it. */
export interface Person {
  name: string;
  writes: boolean;
  windows: number;
}

/** Everybody but this window, each person once; whoever writes is the first. */
export function others({ attached }: Presence): Person[] {
  const people = new Map<string, Person>();
  for (const { name, role, you } of attached) {
    if (you) continue;
    const known = people.get(name) ?? { name, writes: false, windows: 0 };
    people.set(name, { name, writes: known.writes || role === 'writer', windows: known.windows + 1 });
  }
  return [...people.values()];
}

/** Who writes; `you` are it in another window if the name is yours. */
export function writer({ attached }: Presence): { name: string; you: boolean } | undefined {
  const writing = attached.find((each) => each.role === 'writer');
  return writing && { name: writing.name, you: attached.some((each) => each.you && each.name === writing.name) };
}

/** One or two letters that stand for a name: of its first two words, or its first. */
export function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0]!.toUpperCase())
    .join('') || '?';
}

const TONES = 6;

/** The same name has the same colour everywhere. */
export function tone(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)!) % 65521;
  return sum % TONES;
}
