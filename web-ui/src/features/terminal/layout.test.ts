import { describe, expect, it } from 'vitest';
import { arranged, keep, kept } from './layout';

describe('arranged', () => {
  it('keeps splits of sessions that are still there', () => {
    const before = [
      { panes: ['a', 'b'], direction: 'down' as const },
      { panes: ['gone'], direction: 'right' as const },
    ];
    expect(arranged(before, ['b', 'c', 'a'])).toEqual([
      { panes: ['a', 'b'], direction: 'down' },
      { panes: ['c'], direction: 'right' },
    ]);
  });

  it('shows each session once, and the main process if it was shown', () => {
    expect(arranged([{ panes: ['main'], direction: 'right' }], ['a']).map((each) => each.panes)).toEqual([['main'], ['a']]);
  });
});

describe('kept', () => {
  it('is what was kept for the container', () => {
    keep('ctr_1', [{ panes: ['a'], direction: 'right' }]);
    expect(kept('ctr_1')).toEqual([{ panes: ['a'], direction: 'right' }]);
    expect(kept('ctr_2')).toEqual([]);
  });
});
