import { describe, expect, it } from 'vitest';
import { bytes, cores, exactSpan, parseBytes, percent, shellQuoted, span, words } from './format';

describe('sizes', () => {
  it('are written in the unit that reads best', () => {
    expect([0, 512, 1536, 10 * 1024 ** 2, 123 * 1024 ** 3].map(bytes)).toEqual(['0 B', '512 B', '1.5 KiB', '10 MiB', '123 GiB']);
    expect(bytes(undefined)).toBe('–');
  });

  it('are read with and without units', () => {
    expect(['512MiB', '1.5 GiB', '1024', '2k', '1KB'].map(parseBytes)).toEqual([
      512 * 1024 ** 2,
      1.5 * 1024 ** 3,
      1024,
      2000,
      1000,
    ]);
    expect(['', 'x', '1 XB', '-1'].map(parseBytes)).toEqual([undefined, undefined, undefined, undefined]);
  });
});

describe('numbers', () => {
  it('lose needless zeros', () => {
    expect([0.5, 2, 1.25].map(cores)).toEqual(['0.5', '2', '1.25']);
    expect([0.015, 0.5, 1].map(percent)).toEqual(['1.5%', '50%', '100%']);
    expect([3_000, 150_000, 7_300_000, 200_000_000].map(span)).toEqual(['3 s', '2 min', '2 h', '2 d']);
    expect([0, 10, 90, 120, 5400, 7200, 172_800].map(exactSpan)).toEqual(['0 s', '10 s', '90 s', '2 min', '90 min', '2 h', '2 d']);
  });
});

describe('commands', () => {
  it('are split as a shell does, and put together again', () => {
    expect(words(`sh -c 'echo "a b"' "c\\"d" e\\ f ''`)).toEqual(['sh', '-c', 'echo "a b"', 'c"d', 'e f', '']);
    expect(shellQuoted(['sh', '-c', "it's; x"])).toBe(`sh -c 'it'\\''s; x'`);
    expect(words(shellQuoted(['a b', "c'd", '', '$x']))).toEqual(['a b', "c'd", '', '$x']);
  });
});
