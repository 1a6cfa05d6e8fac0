import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection, WINDOW, type Listener, type Socket, type State } from './connection';

class PlayedSocket implements Socket {
  binaryType: BinaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  sent: Uint8Array[] = [];

  constructor(readonly url: URL) {}

  send(data: Uint8Array): void {
    this.sent.push(data);
  }

  close(code = 1005): void {
    this.lose(code);
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.(new Event('open'));
  }

  lose(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code, reason: 'because' } as CloseEvent);
  }

  says(channel: number, body: string): void {
    const bytes = Uint8Array.from([channel, ...new TextEncoder().encode(body)]);
    this.onmessage?.({ data: bytes.buffer } as MessageEvent);
  }

  get texts(): string[] {
    return this.sent.map((each) => `${each[0]}:${new TextDecoder().decode(each.subarray(1))}`);
  }
}

class Screen implements Listener {
  text = '';
  gone = 0;
  states: State[] = [];
  roles: string[] = [];
  pending: (() => void)[] = [];

  output(bytes: Uint8Array, shown: () => void): void {
    this.text += new TextDecoder().decode(bytes);
    this.pending.push(shown);
  }

  lost(bytes: number): void {
    this.gone += bytes;
  }

  state(state: State): void {
    this.states.push(state);
  }

  role(role: string): void {
    this.roles.push(role);
  }

  presence(): void {}

  show(): void {
    this.pending.splice(0).forEach((each) => each());
  }
}

describe('Connection', () => {
  let sockets: PlayedSocket[];
  let screen: Screen;
  let connection: Connection;
  const last = () => sockets[sockets.length - 1]!;

  beforeEach(() => {
    vi.useFakeTimers();
    sockets = [];
    screen = new Screen();
    connection = new Connection(
      {
        path: '/attach',
        open: (url) => {
          const socket = new PlayedSocket(new URL(url));
          sockets.push(socket);
          return socket;
        },
      },
      screen,
    );
    connection.start();
    last().accept();
  });

  afterEach(() => vi.useRealTimers());

  it('goes on after a lost connection from the next byte', () => {
    last().says(5, '{"offset":0,"lost":0}');
    last().says(1, 'hello ');
    last().lose(1006);
    expect(screen.states.at(-1)).toMatchObject({ kind: 'waiting', attempt: 1 });

    vi.advanceTimersByTime(200);
    expect(last().url.searchParams.get('since')).toBe('6');
    last().accept();
    last().says(5, '{"offset":6,"lost":0}');
    last().says(1, 'world');

    expect(screen.text).toBe('hello world');
    expect(screen.gone).toBe(0);
  });

  it('says what the replay could not bring back, and counts on from there', () => {
    last().says(5, '{"offset":100,"lost":100}');
    last().says(1, 'ab');
    last().lose(1001);
    vi.advanceTimersByTime(200);

    expect(screen.gone).toBe(100);
    expect(last().url.searchParams.get('since')).toBe('102');
  });

  it('does not answer what a program asked before this terminal was there, and sends what is typed', () => {
    const report = '\x1b[5;1R';
    last().says(5, '{"offset":0,"lost":0,"end":4}');
    last().says(1, '\x1b[6n');
    connection.type(report);
    connection.type('x');
    screen.show();
    last().says(1, '\x1b[6n');
    connection.type(report);
    expect(last().texts.filter((each) => each.startsWith('0:'))).toEqual(['0:x', `0:${report}`]);
  });

  it('answers what was asked while it was away', () => {
    last().says(5, '{"offset":0,"lost":0,"end":0}');
    last().lose(1006);
    vi.advanceTimersByTime(200);
    last().accept();
    last().says(5, '{"offset":0,"lost":0,"end":4}');
    last().says(1, '\x1b[6n');
    connection.type('\x1b[5;1R');
    expect(last().texts).toContain('0:\x1b[5;1R');
  });

  it('ignores what a socket says that was given up', () => {
    const old = last();
    old.lose(1006);
    vi.advanceTimersByTime(200);
    old.says(1, 'late');
    expect(screen.text).toBe('');
  });

  it('waits longer each time, and begins anew after a good connection', () => {
    for (let i = 0; i < 4; i++) {
      last().lose(1006);
      vi.advanceTimersByTime(10_000);
    }
    expect(screen.states.at(-1)).toMatchObject({ kind: 'connecting', attempt: 4 });
    last().accept();
    last().lose(1006);
    expect(screen.states.at(-1)).toMatchObject({ kind: 'waiting', attempt: 1 });
  });

  it('does not come back after the end, a refusal or a stop', () => {
    last().says(3, '{"status":"Success"}');
    last().lose(1000);
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
    expect(screen.states.at(-1)).toEqual({ kind: 'ended', exitCode: 0, message: '' });
  });

  it('asks for sign-in when the credentials are no longer good', () => {
    last().lose(4401);
    vi.advanceTimersByTime(60_000);
    expect(screen.states.at(-1)).toEqual({ kind: 'closed', reason: 'signin', detail: 'because' });
    expect(sockets).toHaveLength(1);
  });

  it('sends its size again after coming back', () => {
    connection.resize(80, 24);
    last().lose(1006);
    vi.advanceTimersByTime(200);
    last().accept();
    expect(last().texts).toEqual(['4:{"Width":80,"Height":24}']);
  });

  it('acknowledges what was shown, not what was received', () => {
    last().says(1, 'x'.repeat(WINDOW / 4));
    expect(last().texts).toEqual([]);
    screen.show();
    expect(last().texts).toEqual([`5:{"ack":${WINDOW / 4}}`]);
    expect(connection.offset).toBe(WINDOW / 4);
  });

  it('takes over by coming back as the writer', () => {
    last().says(5, '{"role":"viewer"}');
    connection.takeOver();
    expect(last().url.searchParams.get('role')).toBe('writer');
    expect(last().url.searchParams.get('takeover')).toBe('true');
    last().accept();
    last().lose(1006);
    vi.advanceTimersByTime(200);
    expect(last().url.searchParams.get('takeover')).toBeNull();
  });

  it('drops input while there is no connection', () => {
    last().lose(1006);
    connection.type('x');
    expect(sockets[0]!.sent).toEqual([]);
  });
});
