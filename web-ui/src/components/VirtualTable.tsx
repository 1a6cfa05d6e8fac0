import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Props<T> {
  items: readonly T[];
  rowHeight: number;
  head: ComponentChildren;
  row: (item: T, index: number) => ComponentChildren;
  label: string;
  columns: number;
}

const SPARE = 8;

/** A table of which only the rows in sight exist, so that thousands scroll as smoothly as ten. */
export function VirtualTable<T>({ items, rowHeight, head, row, label, columns }: Props<T>) {
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });

  useEffect(() => {
    const scroller = frame.current?.closest('main');
    if (!scroller) return;
    let asked = 0;
    const look = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => {
        const above = (frame.current?.getBoundingClientRect().top ?? 0) - scroller.getBoundingClientRect().top;
        setView({ top: Math.max(0, -above), height: scroller.clientHeight });
      });
    };
    look();
    scroller.addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      scroller.removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, []);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - SPARE);
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / rowHeight) + SPARE);
  return (
    <div ref={frame} class="card scroll" role="region" aria-label={label} tabIndex={0}>
      <table aria-label={label} aria-rowcount={items.length + 1}>
        <thead>{head}</thead>
        <tbody>
          {first > 0 && <Gap height={first * rowHeight} columns={columns} />}
          {items.slice(first, last).map((item, index) => row(item, first + index))}
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
