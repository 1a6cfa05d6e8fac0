import type { components } from '../../api/schema';

export type Stats = components['schemas']['Stats'];

/** One moment of a chart: totals turned into rates. */
export interface Point {
  at: number;
  cpu: number;
  memory: number;
  pids: number;
  read: number;
  written: number;
  received: number;
  sent: number;
}

/** Readings that are closer together tell more of chance than of use. */
const SHORTEST = 0.3;

/** The rates between two readings; undefined if they cannot be told, as after a restart of the container. */
export function rates(before: Stats, now: Stats): Point | undefined {
  const at = Date.parse(now.at);
  const seconds = (at - Date.parse(before.at)) / 1000;
  if (seconds < SHORTEST || now.cpuNanos < before.cpuNanos) return undefined;
  const rate = (after: number | undefined, earlier: number | undefined) => Math.max(0, ((after ?? 0) - (earlier ?? 0)) / seconds);
  return {
    at: at / 1000,
    cpu: rate(now.cpuNanos, before.cpuNanos) / 1e9,
    memory: now.memoryBytes,
    pids: now.pids,
    read: rate(now.ioReadBytes, before.ioReadBytes),
    written: rate(now.ioWriteBytes, before.ioWriteBytes),
    received: rate(now.networkReceivedBytes, before.networkReceivedBytes),
    sent: rate(now.networkSentBytes, before.networkSentBytes),
  };
}

const KEPT = 300;

/** The last five minutes, one point a second. */
export function appended(points: readonly Point[], point: Point): Point[] {
  return [...points.slice(-(KEPT - 1)), point];
}
