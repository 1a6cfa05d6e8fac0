/**
 * The messages of a stream (docs/streams.md): the first byte of each is its channel. Everything here is pure, so that it can
 * be tested without a socket.
 */

import type { Participant, Presence } from './presence';

export const Channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, notice: 5, close: 255 } as const;

export const SUBPROTOCOL = 'v5.channel.k8s.io';

/** What a stream's server says. */
export type ServerMessage =
  | { kind: 'output'; stream: 'stdout' | 'stderr'; bytes: Uint8Array }
  | { kind: 'ended'; exitCode: number; message: string }
  | { kind: 'offset'; offset: number; lost: number; end: number }
  | { kind: 'role'; role: Role }
  | { kind: 'presence'; presence: Presence }
  | { kind: 'unknown' };

export type Role = 'writer' | 'viewer';

interface Status {
  status?: string;
  message?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

/** Reads one message. What is not understood is `unknown`, never an exception: newer servers may say more. */
export function decode(message: ArrayBuffer): ServerMessage {
  const bytes = new Uint8Array(message);
  const body = bytes.subarray(1);
  switch (bytes[0]) {
    case Channel.stdout:
      return { kind: 'output', stream: 'stdout', bytes: body };
    case Channel.stderr:
      return { kind: 'output', stream: 'stderr', bytes: body };
    case Channel.status:
      return ended(json<Status>(body));
    case Channel.notice:
      return notice(json<Record<string, unknown>>(body));
    default:
      return { kind: 'unknown' };
  }
}

function ended(status: Status | undefined): ServerMessage {
  if (!status) return { kind: 'unknown' };
  if (status.status === 'Success') return { kind: 'ended', exitCode: 0, message: '' };
  const cause = status.details?.causes?.find((each) => each.reason === 'ExitCode');
  const code = Number(cause?.message ?? '');
  return { kind: 'ended', exitCode: Number.isInteger(code) && cause ? code : -1, message: status.message ?? '' };
}

function notice(notice: Record<string, unknown> | undefined): ServerMessage {
  if (!notice) return { kind: 'unknown' };
  if (typeof notice['offset'] === 'number') {
    return { kind: 'offset', offset: notice['offset'], lost: Number(notice['lost'] ?? 0), end: Number(notice['end'] ?? 0) };
  }
  if (notice['role'] === 'writer' || notice['role'] === 'viewer') return { kind: 'role', role: notice['role'] };
  if (typeof notice['clients'] === 'number') {
    return { kind: 'presence', presence: { clients: notice['clients'], attached: attached(notice['attached']) } };
  }
  return { kind: 'unknown' };
}

/** Older servers tell the number alone. */
function attached(list: unknown): Participant[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((each: Partial<Participant> | null) => {
    if (typeof each?.name !== 'string' || (each.role !== 'writer' && each.role !== 'viewer')) return [];
    return [{ name: each.name, role: each.role, you: each.you === true }];
  });
}

function json<T>(bytes: Uint8Array): T | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    return undefined;
  }
}

const utf8 = new TextEncoder();

export function input(data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return framed(Channel.stdin, typeof data === 'string' ? utf8.encode(data) : data);
}

/** xterm.js gives bytes that are no UTF-8 (mouse reports of old programs) as a string of char codes below 256. */
export function binaryInput(data: string): Uint8Array<ArrayBuffer> {
  return input(Uint8Array.from(data, (each) => each.charCodeAt(0) & 255));
}

export function resize(columns: number, rows: number): Uint8Array<ArrayBuffer> {
  return framed(Channel.resize, utf8.encode(JSON.stringify({ Width: columns, Height: rows })));
}

/** Tells that the output before this offset has been shown, so that more may be sent. */
export function acknowledge(offset: number): Uint8Array<ArrayBuffer> {
  return framed(Channel.notice, utf8.encode(JSON.stringify({ ack: offset })));
}

function framed(channel: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(body.length + 1);
  message[0] = channel;
  message.set(body, 1);
  return message;
}

/**
 * Whether the terminal itself says this, because a program asked: where the cursor is, what it is, a mode, a colour, a setting.
 * https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
export function isReport(data: string): boolean {
  return /^\x1b(?:\[[?>]?[\d;]*(?:\$?y|[Rcnt])|\][\d;]+;rgb:[^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\)$/.test(data);
}

/** What a close code means for a client that wants to go on. */
export type Closing = 'ended' | 'retry' | 'signin' | 'gone' | 'refused';

export function closing(code: number): Closing {
  switch (code) {
    case 1000:
      return 'ended';
    case 4401:
      return 'signin';
    case 4404:
    case 4409:
      return 'gone';
    case 1002:
    case 1003:
    case 1008:
    case 1009:
    case 4403:
      return 'refused';
    default:
      // 1001 the server goes down, 1006 the network is gone, 1011, 4408 idle, 4429 too many: the session itself goes on
      return 'retry';
  }
}

/** Milliseconds before the nth try: quick first, 10 s at most, with jitter so that many clients do not come at once. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(10_000, 150 * 2 ** Math.min(attempt, 10));
  return Math.round(base * (0.6 + 0.4 * random()));
}
