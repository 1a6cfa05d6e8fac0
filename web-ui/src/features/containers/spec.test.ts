import { describe, expect, it } from 'vitest';
import { BLANK, pairs, specOf } from './spec';

describe('specOf', () => {
  it('sends nothing that was left empty', () => {
    expect(Object.keys(specOf({ ...BLANK, keep: false, init: false }))).toEqual(['image', 'resources']);
  });

  it('keeps a container without a command running, if that is asked for', () => {
    expect(specOf(BLANK).command).toEqual(['sleep', 'infinity']);
    expect(specOf({ ...BLANK, command: "sh -c 'echo a b'" }).command).toEqual(['sh', '-c', 'echo a b']);
  });

  it('gives a terminal with its input', () => {
    expect(specOf({ ...BLANK, tty: true })).toMatchObject({ tty: true, stdin: true });
  });

  it('reads lists and pairs', () => {
    const spec = specOf({ ...BLANK, tmpfs: '/tmp=16MiB', addCapabilities: 'NET_RAW, CHOWN', labels: 'app=web' });
    expect(spec.tmpfs).toEqual({ '/tmp': '16MiB' });
    expect(spec.capabilities).toEqual({ add: ['NET_RAW', 'CHOWN'] });
    expect(spec.labels).toEqual({ app: 'web' });
  });

  it('says of the health check what was filled in, or only that there is none', () => {
    const form = { ...BLANK, idleTimeout: '30m', healthCommand: "sh -c 'test -e /ok'", healthInterval: '10s', healthRetries: '2' };
    const spec = specOf(form);
    expect(spec.idleTimeout).toBe('30m');
    expect(spec.healthcheck).toEqual({ command: ['sh', '-c', 'test -e /ok'], interval: '10s', retries: 2 });
    expect(specOf({ ...form, healthOff: true }).healthcheck).toEqual({ disabled: true });
    // the server says what is wrong with it
    expect(specOf({ ...form, healthRetries: 'two' }).healthcheck).toMatchObject({ retries: 'two' });
  });
});

describe('pairs', () => {
  it('keeps everything after the first equals sign', () => {
    expect(pairs('A=b=c\n\nnothing\nE=')).toEqual({ A: 'b=c', E: '' });
  });
});
