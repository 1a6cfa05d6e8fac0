import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../api/events';
import { covers, FAMILIES, toggled } from './types';

describe('types of events', () => {
  it('are those of docs/events.md', () => {
    const page = readFileSync('../docs/events.md', 'utf8');
    const rows = [...page.matchAll(/^\| (`[a-z]+\.\w+`(?:, `[a-z]+\.\w+`)*) \|/gm)].map((row) => row[1]!);
    const documented = rows.flatMap((row) => row.match(/[a-z]+\.\w+/g)!);
    expect([...EVENT_TYPES].sort()).toEqual(documented.sort());
  });

  it('are chosen one by one or by the family', () => {
    expect(toggled([], 'image.*')).toEqual(['image.*']);
    expect(toggled(['image.created', 'exec.ended'], 'image.*')).toEqual(['exec.ended', 'image.*']);
    expect(toggled(['image.*'], 'image.created')).toEqual(['image.deleted']);
    expect(toggled(['image.deleted'], 'image.deleted')).toEqual([]);
    expect(covers(['image.*'], 'image.created')).toBe(true);
    expect(covers(['image.created'], 'image.deleted')).toBe(false);
    expect([...FAMILIES.keys()]).toContain('webhook.*');
  });
});
