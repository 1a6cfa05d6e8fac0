import { EVENT_TYPES } from '../../api/events';

/** Types of events by their family, as they are offered. */
export const FAMILIES: ReadonlyMap<string, readonly string[]> = byFamily(EVENT_TYPES);

function byFamily(types: readonly string[]): Map<string, string[]> {
  const families = new Map<string, string[]>();
  for (const type of types) {
    const family = familyOf(type);
    families.set(family, [...(families.get(family) ?? []), type]);
  }
  return families;
}

function familyOf(type: string): string {
  return `${type.slice(0, type.indexOf('.'))}.*`;
}

export function covers(chosen: readonly string[], type: string): boolean {
  return chosen.includes(type) || chosen.includes(familyOf(type));
}

/** Chooses a type or a family, or no longer. A family stands for all of its types. */
export function toggled(chosen: readonly string[], type: string): string[] {
  if (chosen.includes(type)) return chosen.filter((each) => each !== type);
  const family = familyOf(type);
  if (type === family) return [...chosen.filter((each) => familyOf(each) !== family), type];
  if (!chosen.includes(family)) return [...chosen, type];
  // all but this one
  return [...chosen.filter((each) => each !== family), ...(FAMILIES.get(family) ?? []).filter((each) => each !== type)];
}
