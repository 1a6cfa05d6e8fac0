import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { theme } from '../app/theme';

interface Series {
  label: string;
  colour: string;
  values: readonly number[];
}

interface Props {
  times: readonly number[];
  series: readonly Series[];
  /** A line that values should not cross, such as a limit. */
  limit?: number | undefined;
  format: (value: number) => string;
  /** The least that the scale reaches to, so that nothing at all does not look like much. */
  least?: number;
  /** Whether values are bytes, whose round numbers are powers of two. */
  binary?: boolean;
  label: string;
}

const HEIGHT = 130;

/** Seconds that a chart is about at least, so that its first points stand where later ones come. */
const SHORTEST = 60;

const BINARY = Array.from({ length: 50 }, (_, power) => 2 ** power);

/** Both are null when there is no point yet. */
function span(first: number | null, last: number | null): [number, number] {
  const end = last ?? Date.now() / 1000;
  return [Math.min(first ?? end, end - SHORTEST), end];
}

/** Times of day, or days when there are several. */
function clock(ticks: readonly number[]): string[] {
  const days = (ticks[ticks.length - 1] ?? 0) - (ticks[0] ?? 0) > 86_400;
  const seconds = (ticks[1] ?? 0) - (ticks[0] ?? 0) < 60;
  return ticks.map((tick) => {
    const at = new Date(tick * 1000);
    if (days) return at.toLocaleDateString('en', { month: 'short', day: 'numeric' });
    return at.toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false, ...(seconds && { second: '2-digit' }) });
  });
}

/** A small live chart over time. What it shows is also in words beside it, for those who cannot see it. */
export function Chart({ times, series, limit, format, label, least = 1e-6, binary = false }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const ceiling = useRef(limit);
  ceiling.current = limit;

  useEffect(() => {
    const element = place.current!;
    const style = getComputedStyle(document.documentElement);
    const axis = { stroke: style.getPropertyValue('--muted'), grid: { stroke: style.getPropertyValue('--line'), width: 1 }, ticks: { show: false } };
    const made = new uPlot(
      {
        width: element.clientWidth || 300,
        height: HEIGHT,
        cursor: { show: false },
        legend: { show: false },
        axes: [
          { ...axis, size: 24, space: 74, values: (_, ticks) => clock(ticks) },
          { ...axis, size: 78, ...(binary && { incrs: BINARY }), values: (_, ticks) => ticks.map(format) },
        ],
        scales: {
          x: { range: (_, first, last) => span(first, last) },
          y: { range: (_, __, max) => [0, Math.max(max * 1.1, (ceiling.current ?? 0) * 1.02, least)] },
        },
        series: [
          {},
          ...series.map((each) => ({ label: each.label, stroke: each.colour, width: 1.5, fill: `${each.colour}22`, points: { show: false } })),
          { stroke: style.getPropertyValue('--bad'), width: 1, dash: [5, 4], points: { show: false } },
        ],
      },
      data(),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [series.length, theme.value]);

  useEffect(() => plot.current?.setData(data()), [times]);

  function data(): uPlot.AlignedData {
    return [
      times as number[],
      ...series.map((each) => each.values as number[]),
      times.map(() => limit ?? null) as (number | null)[],
    ] as uPlot.AlignedData;
  }

  return <div class="chart" ref={place} role="img" aria-label={label} />;
}
