import type { components } from '../../api/schema';

export type Metered = components['schemas']['MeteredUsage'];
export type Amounts = components['schemas']['UsageAmounts'];

/** One moment of the charts: amounts of a step as averages over it. */
export interface Average {
  at: number;
  cpus: number;
  memory: number;
  disk: number;
  received: number;
  sent: number;
}

const NOTHING: Amounts = {
  cpuSeconds: 0,
  memoryGiBSeconds: 0,
  diskGiBSeconds: 0,
  networkReceivedBytes: 0,
  networkSentBytes: 0,
};

/** The periods that can be looked at: how far back, and in which steps. */
export const PERIODS = {
  day: { seconds: 86_400, step: '1h' },
  week: { seconds: 7 * 86_400, step: '6h' },
  month: { seconds: 30 * 86_400, step: '1d' },
} as const;

export type Period = keyof typeof PERIODS;

/** Steps in which nothing was used are absent in the answer; in a chart they are zero. */
export function averages({ from, to, step, series }: Metered): Average[] {
  const known = new Map(series.map((each) => [Date.parse(each.at) / 1000, each]));
  const first = Date.parse(from) / 1000;
  // steps are counted from the beginning of a bucket, which the answer tells by its points
  const anchor = known.keys().next().value ?? first;
  const all: Average[] = [];
  for (let at = anchor - Math.ceil((anchor - first) / step) * step; at < Date.parse(to) / 1000; at += step) {
    const { cpuSeconds, memoryGiBSeconds, diskGiBSeconds, networkReceivedBytes, networkSentBytes } = known.get(at) ?? NOTHING;
    all.push({
      at,
      cpus: cpuSeconds / step,
      memory: (memoryGiBSeconds / step) * 1024 ** 3,
      disk: (diskGiBSeconds / step) * 1024 ** 3,
      received: networkReceivedBytes / step,
      sent: networkSentBytes / step,
    });
  }
  return all;
}

export interface Total extends Amounts {
  id: string;
  name: string;
}

/** What each container used in all, the busiest first. */
export function totals({ series }: Metered): Total[] {
  const sums = new Map<string, Total>();
  for (const point of series) {
    const id = point.container ?? '';
    const sum = sums.get(id) ?? { ...NOTHING, id, name: point.containerName ?? id };
    for (const resource of Object.keys(NOTHING) as (keyof Amounts)[]) sum[resource] += point[resource];
    sums.set(id, sum);
  }
  return [...sums.values()].sort((a, b) => b.cpuSeconds - a.cpuSeconds);
}
