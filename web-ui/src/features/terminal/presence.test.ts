import { describe, expect, it } from 'vitest';
import { initials, others, tone, writer, type Presence } from './presence';

const shown: Presence = {
  clients: 4,
  attached: [
    { name: 'alice', role: 'writer', you: false },
    { name: 'bob', role: 'viewer', you: true },
    { name: 'alice', role: 'viewer', you: false },
    { name: 'bob', role: 'viewer', you: false },
  ],
};

describe('presence', () => {
  it('counts the windows of each person, without this one', () => {
    expect(others(shown)).toEqual([
      { name: 'alice', writes: true, windows: 2 },
      { name: 'bob', writes: false, windows: 1 },
    ]);
  });

  it('tells who writes, and whether that is you elsewhere', () => {
    expect(writer(shown)).toEqual({ name: 'alice', you: false });
    expect(writer({ clients: 1, attached: [{ name: 'bob', role: 'viewer', you: true }] })).toBeUndefined();
    const elsewhere = shown.attached.map((each) => ({ ...each, name: 'bob' }));
    expect(writer({ clients: 4, attached: elsewhere })).toEqual({ name: 'bob', you: true });
  });

  it('has letters and a colour for every name', () => {
    expect(['alice', 'Bob Example', 'ci-deploy', '日本', '🚀', ''].map(initials)).toEqual(['A', 'BE', 'CD', '日', '?', '?']);
    expect(tone('alice')).toBe(tone('alice'));
    expect(tone('')).toBe(0);
  });
});
