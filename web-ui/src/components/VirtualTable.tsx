import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

interface Props<T> {
  items: readonly T[];
  rowHeight: number;
  head: ComponentChildren;
  /** Asked once for each item, until it is another function: it must not depend on what does not make its owner render. */
  row: (item: T) => ComponentChildren;
  label: string;
  columns: number;
}

/** Rows beyond those in sight, on either side; drawn anew when half of them are used up. */
const SPARE = 8;

/** A table of which only the rows in sight exist, so that thousands scroll as smoothly as ten. */
export function VirtualTable<T>({ items, rowHeight, head, row, label, columns }: Props<T>) {
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ first: 0, last: 800 / rowHeight + SPARE });
  const made = useMemo(() => ({ rows: new Map<T, ComponentChildren>() }), [row]);

  useEffect(() => {
    const scroller = frame.current?.closest('main');
    if (!scroller) return;
    let asked = 0;
    const look = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => {
        const above = (frame.current?.getBoundingClientRect().top ?? 0) - scroller.getBoundingClientRect().top;
        const step = SPARE / 2;
        const top = Math.floor(Math.max(0, -above) / rowHeight / step) * step;
        const next = { first: Math.max(0, top - SPARE), last: top + step + Math.ceil(scroller.clientHeight / rowHeight) + SPARE };
        setView((now) => (now.first === next.first && now.last === next.last ? now : next));
      });
    };
    look();
    scroller.addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      scroller.removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [rowHeight]);

  // the list may have become shorter than what was scrolled to
  const last = Math.min(items.length, Math.ceil(view.last));
  const first = Math.min(view.first, last);
  const shown = items.slice(first, last);
  made.rows = new Map(shown.map((item) => [item, made.rows.get(item) ?? row(item)]));
  return (
    <div ref={frame} class="card scroll" role="region" aria-label={label} tabIndex={0}>
      <table aria-label={label} aria-rowcount={items.length + 1}>
        <thead>{head}</thead>
        <tbody>
          {first > 0 && <Gap height={first * rowHeight} columns={columns} />}
          {shown.map((item) => made.rows.get(item))}
          {last < items.length && <Gap height={(items.length - last) * rowHeight} columns={columns} />}
        </tbody>
      </table>
    </div>
  );
}

function Gap({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden="true">
      <td colSpan={columns} ref={(cell) => cell?.style.setProperty('height', `${height}px`)} class="gap" />
    </tr>
  );
}
