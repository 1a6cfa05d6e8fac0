import { describe, expect, it } from 'vitest';
import { acknowledge, backoff, binaryInput, closing, decode, input, isReport, resize } from './protocol';

const message = (channel: number, body: string | number[]) =>
  Uint8Array.from([channel, ...(typeof body === 'string' ? new TextEncoder().encode(body) : body)]).buffer;

describe('decode', () => {
  it('gives output byte for byte', () => {
    const decoded = decode(message(1, [0, 255, 10, 0xc3]));
    expect(decoded).toMatchObject({ kind: 'output', stream: 'stdout' });
    expect(decoded.kind === 'output' && [...decoded.bytes]).toEqual([0, 255, 10, 0xc3]);
    expect(decode(message(2, 'x'))).toMatchObject({ kind: 'output', stream: 'stderr' });
  });

  it('reads how it ended', () => {
    expect(decode(message(3, '{"metadata":{},"status":"Success"}'))).toEqual({ kind: 'ended', exitCode: 0, message: '' });
    const failure =
      '{"status":"Failure","reason":"NonZeroExitCode","message":"m","details":{"causes":[{"reason":"ExitCode","message":"137"}]}}';
    expect(decode(message(3, failure))).toEqual({ kind: 'ended', exitCode: 137, message: 'm' });
    expect(decode(message(3, '{"status":"Failure"}'))).toMatchObject({ kind: 'ended', exitCode: -1 });
  });

  it('reads notices', () => {
    expect(decode(message(5, '{"offset":12,"lost":3,"end":20}'))).toEqual({ kind: 'offset', offset: 12, lost: 3, end: 20 });
    expect(decode(message(5, '{"offset":12}'))).toEqual({ kind: 'offset', offset: 12, lost: 0, end: 0 });
    expect(decode(message(5, '{"role":"viewer"}'))).toEqual({ kind: 'role', role: 'viewer' });
  });

  it('reads who is there, also from a server that tells their number alone or more than is known', () => {
    expect(decode(message(5, '{"clients":2}'))).toEqual({ kind: 'presence', presence: { clients: 2, attached: [] } });
    const told = '{"clients":3,"attached":[{"name":"al","role":"writer","you":true,"new":1},{"name":"bo","role":"pilot"},null]}';
    expect(decode(message(5, told))).toEqual({
      kind: 'presence',
      presence: { clients: 3, attached: [{ name: 'al', role: 'writer', you: true }] },
    });
  });

  it('takes no harm from what it does not know', () => {
    for (const odd of [message(9, 'x'), message(5, '{'), message(5, '[]'), message(3, ''), new ArrayBuffer(0)]) {
      expect(decode(odd)).toEqual({ kind: 'unknown' });
    }
  });
});

describe('encode', () => {
  it('frames input, sizes and acknowledgements', () => {
    expect([...input('é')]).toEqual([0, 0xc3, 0xa9]);
    expect([...binaryInput('\x1b[M\xff')]).toEqual([0, 0x1b, 0x5b, 0x4d, 0xff]);
    expect(new TextDecoder().decode(resize(120, 40).subarray(1))).toBe('{"Width":120,"Height":40}');
    expect(resize(1, 1)[0]).toBe(4);
    expect(new TextDecoder().decode(acknowledge(9).subarray(1))).toBe('{"ack":9}');
  });
});

describe('isReport', () => {
  it('tells what the terminal says by itself from what is typed', () => {
    const reports = ['\x1b[24;80R', '\x1b[?1;2c', '\x1b[>0;276;0c', '\x1b[0n', '\x1b[?2026;2$y', '\x1b]11;rgb:0b0b/0f0f/1313\x1b\\', '\x1bP1$r0m\x1b\\'];
    const typed = ['a', '\x1b', '\x1b[A', '\x1b[3~', '\x1bOP', '\x1b[200~1c\x1b[201~', '\x1b[M !!', '\x1bc'];
    expect(reports.filter((each) => !isReport(each))).toEqual([]);
    expect(typed.filter(isReport)).toEqual([]);
  });
});

describe('closing', () => {
  it('tells what can be tried again from what cannot', () => {
    expect([1001, 1006, 1011, 4408, 4429].map(closing)).toEqual(Array(5).fill('retry'));
    expect(closing(1000)).toBe('ended');
    expect(closing(4401)).toBe('signin');
    expect([4404, 4409].map(closing)).toEqual(['gone', 'gone']);
    expect([1008, 4403].map(closing)).toEqual(['refused', 'refused']);
  });
});

describe('backoff', () => {
  it('grows to ten seconds and no further', () => {
    const longest = (attempt: number) => backoff(attempt, () => 1);
    expect(longest(0)).toBe(150);
    expect(longest(3)).toBe(1200);
    expect(longest(50)).toBe(10_000);
    expect(backoff(50, () => 0)).toBe(6_000);
  });
});
