import { describe, expect, it } from 'vitest';
import { appended, rates, type Point, type Stats } from './rates';

const stats = (at: string, cpuNanos: number, networkSentBytes = 0): Stats => ({
  at,
  cpuNanos,
  memoryBytes: 7,
  pids: 2,
  networkSentBytes,
});

describe('rates', () => {
  it('are differences by time', () => {
    const point = rates(stats('2026-01-01T00:00:00Z', 1e9, 100), stats('2026-01-01T00:00:02Z', 2e9, 300));
    expect(point).toMatchObject({ cpu: 0.5, memory: 7, pids: 2, sent: 100, received: 0 });
  });

  it('are unknown when the counters began anew or hardly any time passed', () => {
    expect(rates(stats('2026-01-01T00:00:00Z', 5), stats('2026-01-01T00:00:01Z', 4))).toBeUndefined();
    expect(rates(stats('2026-01-01T00:00:00Z', 5), stats('2026-01-01T00:00:00.100Z', 6))).toBeUndefined();
  });

  it('are kept for five minutes', () => {
    let points: Point[] = [];
    for (let i = 0; i < 400; i++) points = appended(points, { at: i } as Point);
    expect(points).toHaveLength(300);
    expect(points[0]!.at).toBe(100);
  });
});
