import type { Presence } from './presence';
import * as protocol from './protocol';
import type { Role } from './protocol';

/** What a terminal session tells its view. */
export interface Listener {
  /** Output bytes; call `shown` when they are on the screen, so that more may come. */
  output(bytes: Uint8Array, shown: () => void): void;
  /** Bytes of output are gone for good: the replay does not reach back far enough. */
  lost(bytes: number): void;
  state(state: State): void;
  role(role: Role): void;
  presence(presence: Presence): void;
}

export type State =
  | { kind: 'connecting'; attempt: number }
  | { kind: 'open' }
  | { kind: 'waiting'; attempt: number; retryAt: number }
  | { kind: 'ended'; exitCode: number; message: string }
  | { kind: 'closed'; reason: 'signin' | 'gone' | 'refused'; detail: string };

/** As much of a WebSocket as is needed, so that a test can play one. */
export interface Socket {
  binaryType: BinaryType;
  readonly readyState: number;
  readonly bufferedAmount: number;
  onopen: ((event: Event) => unknown) | null;
  onmessage: ((event: MessageEvent) => unknown) | null;
  onclose: ((event: CloseEvent) => unknown) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

export interface Options {
  /** Path of the attach endpoint. */
  path: string;
  /** Where to go on; 0 is from the beginning of what is kept. */
  since?: number;
  /** Nobody else has been attached before: what its programs have asked so far is still to be answered. */
  fresh?: boolean;
  role?: Role;
  open?: (url: string, protocols: string[]) => Socket;
  now?: () => number;
}

const OPEN = 1;
/** Output that may be on its way and not yet shown. Large enough for throughput, small enough that ctrl-c is felt at once. */
export const WINDOW = 512 * 1024;
const ACK_EVERY = WINDOW / 8;

/**
 * One terminal's connection: it counts the output's offset, and after a lost connection goes on from there, so that a
 * reload, a network change or a restart of the server neither loses nor repeats a byte.
 */
export class Connection {
  private socket: Socket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private attempt = 0;
  private received: number;
  /** Output before this was seen, and answered, by a terminal before this one. */
  private replayedTo = 0;
  private attached = false;
  private shownTo: number;
  private acknowledged = 0;
  private ended = false;
  private stopped = false;
  private wantsTakeover = false;
  private size: { columns: number; rows: number } | undefined;
  private currentRole: Role;

  constructor(
    private readonly options: Options,
    private readonly listener: Listener,
  ) {
    this.received = options.since ?? 0;
    this.shownTo = this.received;
    this.currentRole = options.role ?? 'writer';
  }

  /** The offset of the next byte that is not yet shown: where another connection goes on. */
  get offset(): number {
    return this.shownTo;
  }

  start(): void {
    this.connect();
  }

  /** Ends the connection; the session itself goes on. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket?.close(1000);
  }

  /** Tries at once, for instance because the network came back. */
  retryNow(): void {
    if (!this.socket && !this.stopped && !this.ended) {
      clearTimeout(this.timer);
      this.connect();
    }
  }

  type(data: string): void {
    if (this.shownTo < this.replayedTo && protocol.isReport(data)) return;
    this.send(protocol.input(data));
  }

  typeBinary(data: string): void {
    this.send(protocol.binaryInput(data));
  }

  resize(columns: number, rows: number): void {
    this.size = { columns, rows };
    this.send(protocol.resize(columns, rows));
  }

  /** Becomes the writer; whoever was it becomes a viewer. */
  takeOver(): void {
    this.wantsTakeover = true;
    this.currentRole = 'writer';
    this.reconnect();
  }

  /** Lets others write. */
  watchOnly(): void {
    this.currentRole = 'viewer';
    this.reconnect();
  }

  private reconnect(): void {
    const old = this.socket;
    this.socket = undefined;
    old?.close(1000);
    clearTimeout(this.timer);
    this.connect();
  }

  private connect(): void {
    this.listener.state({ kind: 'connecting', attempt: this.attempt });
    const socket = this.open();
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    // what was received and not yet shown when the connection broke is shown all the same
    this.acknowledged = this.received;
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.attempt = 0;
      this.wantsTakeover = false;
      this.listener.state({ kind: 'open' });
      if (this.size) this.send(protocol.resize(this.size.columns, this.size.rows));
    };
    socket.onmessage = (event) => {
      if (this.socket === socket && event.data instanceof ArrayBuffer) this.receive(event.data);
    };
    socket.onclose = (event) => {
      if (this.socket === socket) this.closed(event.code, event.reason);
    };
  }

  private open(): Socket {
    const query = new URLSearchParams({
      since: String(this.received),
      role: this.currentRole,
      notices: 'true',
      // who finds another window typing looks on
      watch: 'true',
      window: String(WINDOW),
    });
    if (this.wantsTakeover) query.set('takeover', 'true');
    const make = this.options.open ?? ((url, protocols) => new WebSocket(url, protocols));
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    return make(`${scheme}//${location.host}${this.options.path}?${query}`, [protocol.SUBPROTOCOL]);
  }

  private receive(data: ArrayBuffer): void {
    const message = protocol.decode(data);
    switch (message.kind) {
      case 'output':
        this.show(message.bytes);
        break;
      case 'offset':
        if (message.lost > 0) this.listener.lost(message.lost);
        this.received = message.offset;
        if (!this.attached && !this.options.fresh) this.replayedTo = message.end;
        this.attached = true;
        break;
      case 'role':
        this.currentRole = message.role;
        this.listener.role(message.role);
        break;
      case 'presence':
        this.listener.presence(message.presence);
        break;
      case 'ended':
        this.ended = true;
        this.listener.state({ kind: 'ended', exitCode: message.exitCode, message: message.message });
        break;
      case 'unknown':
        break;
    }
  }

  private show(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.received += bytes.length;
    const upTo = this.received;
    const socket = this.socket;
    this.listener.output(bytes, () => {
      this.shownTo = Math.max(this.shownTo, upTo);
      if (socket === this.socket && upTo - this.acknowledged >= ACK_EVERY) {
        this.acknowledged = upTo;
        this.send(protocol.acknowledge(upTo));
      }
    });
  }

  private closed(code: number, reason: string): void {
    this.socket = undefined;
    if (this.ended || this.stopped) return;
    const meaning = protocol.closing(code);
    if (meaning === 'ended') {
      this.ended = true;
      this.listener.state({ kind: 'ended', exitCode: -1, message: reason });
    } else if (meaning === 'retry') {
      const delay = protocol.backoff(this.attempt);
      this.attempt += 1;
      this.listener.state({ kind: 'waiting', attempt: this.attempt, retryAt: (this.options.now ?? Date.now)() + delay });
      this.timer = setTimeout(() => this.connect(), delay);
    } else {
      this.listener.state({ kind: 'closed', reason: meaning, detail: reason });
    }
  }

  private send(message: Uint8Array<ArrayBuffer>): void {
    if (this.socket?.readyState === OPEN) this.socket.send(message);
  }
}
