import type { components } from '../../api/schema';
import { bytes, cores, count, parseBytes } from '../../app/format';
import { en } from '../../text/en';

export type Quota = components['schemas']['Quota'];
export type UsageNow = components['schemas']['UsageNow'];
export type Policies = NonNullable<Quota['policies']>;

/** What a resource is called; new ones of the server by their own name. */
export function resourceLabel(resource: string): string {
  return en.admin.resources[resource as keyof typeof en.admin.resources] ?? resource;
}

/** A resource's amount as people read it. */
export function amount(value: number | undefined | null, unit: string | undefined): string {
  if (value === undefined || value === null) return '–';
  switch (unit) {
    case 'bytes':
      return bytes(value);
    case 'bytes/s':
    case 'bytesPerSecond':
      return `${bytes(value)}/s`;
    case 'cores':
      return cores(value);
    case 'seconds':
      return `${count(value)} s`;
    default:
      return count(value);
  }
}

/** Reads what was typed for a resource: empty is unlimited; undefined if it is no amount. */
export function parsed(text: string, unit: string | undefined): number | null | undefined {
  const trimmed = text.trim();
  if (!trimmed) return null;
  if (unit?.startsWith('bytes')) return parseBytes(trimmed.replace(/\/s$/, ''));
  const number = Number(trimmed);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** What is to be sent: the changed resources only. */
export function changes(before: Record<string, string>, after: Record<string, string>, units: Record<string, string | undefined>) {
  const patch: Record<string, number | null> = {};
  const wrong: string[] = [];
  for (const [resource, text] of Object.entries(after)) {
    if (text.trim() === (before[resource] ?? '').trim()) continue;
    const value = parsed(text, units[resource]);
    if (value === undefined) wrong.push(resource);
    else patch[resource] = value;
  }
  return { patch, wrong };
}

/** The policies that were changed; undefined if none was. */
export function policyChanges(before: Policies, after: Policies): Policies | undefined {
  const changed = Object.entries(after).filter(([resource, policy]) => before[resource as keyof Policies] !== policy);
  return changed.length > 0 ? (Object.fromEntries(changed) as Policies) : undefined;
}

/** A quota as it is edited: the limits as texts, empty for unlimited. */
export function textsOf(quota: Quota, now: Record<string, UsageNow>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [resource, value] of Object.entries(quota)) {
    if (typeof value === 'object' && value !== null) continue;
    texts[resource] = typeof value === 'number' ? amount(value, now[resource]?.unit).replaceAll(',', '') : String(value ?? '');
  }
  return texts;
}
