import { describe, expect, it } from 'vitest';
import { averages, totals, type Metered } from './metered';

const NONE = { cpuSeconds: 0, memoryGiBSeconds: 0, diskGiBSeconds: 0, networkReceivedBytes: 0, networkSentBytes: 0 };

function metered(series: Metered['series']): Metered {
  return { from: '2030-01-31T10:10:00Z', to: '2030-01-31T13:00:00Z', step: 3600, series, total: NONE };
}

describe('averages', () => {
  it('have a point for every step, also for those without use', () => {
    const points = averages(metered([{ ...NONE, at: '2030-01-31T11:00:00Z', cpuSeconds: 1800, memoryGiBSeconds: 3600, diskGiBSeconds: 7200 }]));
    expect(points.map((each) => each.cpus)).toEqual([0, 0.5, 0]);
    expect(points[1]!.memory).toBe(1024 ** 3);
    expect(points.map((each) => each.disk)).toEqual([0, 2 * 1024 ** 3, 0]);
    expect(points[0]!.at).toBe(Date.parse('2030-01-31T10:00:00Z') / 1000);
  });
});

describe('averages of long steps', () => {
  it('begin where the asked time begins, not at multiples of the step', () => {
    const points = averages({
      ...metered([{ ...NONE, at: '2030-01-31T10:00:00Z', cpuSeconds: 21_600 }]),
      from: '2030-01-31T04:00:00Z',
      step: 21_600,
    });
    expect(points.map((each) => each.cpus)).toEqual([0, 1]);
  });
});

describe('totals', () => {
  it('add up the steps of each container, the busiest first', () => {
    const all = totals(
      metered([
        { ...NONE, at: '2030-01-31T10:00:00Z', container: 'ctr_a', containerName: 'web', cpuSeconds: 1 },
        { ...NONE, at: '2030-01-31T10:00:00Z', container: 'ctr_b', containerName: 'db', cpuSeconds: 5 },
        { ...NONE, at: '2030-01-31T11:00:00Z', container: 'ctr_a', containerName: 'web', cpuSeconds: 2 },
      ]),
    );
    expect(all.map((each) => [each.name, each.cpuSeconds])).toEqual([
      ['db', 5],
      ['web', 3],
    ]);
  });
});
