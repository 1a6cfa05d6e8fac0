import { useEffect, useRef } from 'preact/hooks';
import { bytes } from '../app/format';

/** How far long work is; without a total it only shows that it goes on. */
export function Progress({ done, total, message }: { done: number; total: number | undefined; message: string }) {
  const known = total !== undefined && total > 0;
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (bar.current && known) bar.current.style.width = `${Math.min(100, (done / total) * 100)}%`;
  }, [done, total]);
  return (
    <div>
      <div class={`progress ${known ? '' : 'unknown'}`} role="progressbar" aria-label={message} {...(known && { 'aria-valuenow': done, 'aria-valuemax': total })}>
        <div ref={bar} />
      </div>
      <p class="small muted">
        {message} {known && `${bytes(done)} / ${bytes(total)}`}
      </p>
    </div>
  );
}
