import { describe, expect, it } from 'vitest';
import { amount, changes, parsed, policyChanges, textsOf } from './quota';

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

describe('policyChanges', () => {
  it('hold what was changed, if anything was', () => {
    expect(policyChanges({ cpus: 'share', memory: 'share' }, { cpus: 'share', memory: 'reserve' })).toEqual({ memory: 'reserve' });
    expect(policyChanges({ cpus: 'share' }, { cpus: 'share' })).toBeUndefined();
  });
});

describe('textsOf', () => {
  it('leaves policies out and reads back as it was', () => {
    const texts = textsOf({ memory: 1024 ** 3, containers: 1200, cpus: null, policies: { cpus: 'share' } }, { memory: { limit: null, unit: 'bytes' } });
    expect(texts).toEqual({ memory: '1 GiB', containers: '1200', cpus: '' });
    expect(parsed(texts['memory']!, 'bytes')).toBe(1024 ** 3);
  });
});
