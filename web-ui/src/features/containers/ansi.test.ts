import { describe, expect, it } from 'vitest';
import { plain, runs } from './ansi';

describe('runs', () => {
  it('keep colours and drop the rest', () => {
    expect(runs('a\x1b[31mred\x1b[1mbold\x1b[0mplain')).toEqual([
      { text: 'a', className: '' },
      { text: 'red', className: 'ansi-1' },
      { text: 'bold', className: 'ansi-1 ansi-bold' },
      { text: 'plain', className: '' },
    ]);
    expect(runs('\x1b[2J\x1b]0;title\x07x\x08y\r')).toEqual([
      { text: 'x', className: '' },
      { text: 'y', className: '' },
    ]);
  });

  it('understand bright and indexed colours and skip true colour', () => {
    expect(runs('\x1b[92mg\x1b[39m\x1b[38;5;4mb\x1b[0;38;2;1;2;3mt')).toEqual([
      { text: 'g', className: 'ansi-10' },
      { text: 'b', className: 'ansi-4' },
      { text: 't', className: '' },
    ]);
  });

  it('never hang or throw on rubbish', () => {
    expect(plain('\x1b[\x1b[999;999;x'.repeat(1000))).not.toContain('\x1b');
    expect(runs('')).toEqual([]);
  });
});
