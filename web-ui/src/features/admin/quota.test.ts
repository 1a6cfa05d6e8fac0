import { describe, expect, it } from 'vitest';
import { amount, changes, parsed } from './quota';

describe('amounts', () => {
  it('are written by their unit', () => {
    expect(amount(1536, 'bytes')).toBe('1.5 KiB');
    expect(amount(0.5, 'cores')).toBe('0.5');
    expect(amount(1200, 'count')).toBe('1,200');
    expect(amount(null, 'count')).toBe('–');
  });

  it('are read back, empty as unlimited', () => {
    expect(parsed('512MiB', 'bytes')).toBe(512 * 1024 ** 2);
    expect(parsed(' ', 'bytes')).toBeNull();
    expect(parsed('2.5', 'cores')).toBe(2.5);
    expect(parsed('-1', 'count')).toBeUndefined();
    expect(parsed('x', 'bytes')).toBeUndefined();
  });
});

describe('changes', () => {
  it('hold what was changed, and what cannot be read', () => {
    const units = { memory: 'bytes', pids: 'count', cpus: 'cores' };
    expect(changes({ memory: '1 GiB', pids: '5', cpus: '' }, { memory: '1 GiB', pids: '', cpus: 'many' }, units)).toEqual({
      patch: { pids: null },
      wrong: ['cpus'],
    });
  });
});
