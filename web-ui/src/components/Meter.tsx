import { useEffect, useRef } from 'preact/hooks';

/** How much of a limit is used, as a bar. */
export function Meter({ used, limit, label }: { used: number; limit: number; label: string }) {
  const bar = useRef<HTMLDivElement>(null);
  const share = limit > 0 ? Math.min(1, used / limit) : 0;
  useEffect(() => {
    if (bar.current) bar.current.style.width = `${share * 100}%`;
  }, [share]);
  return (
    <div class={`progress ${share > 0.9 ? 'bad' : ''}`} role="meter" aria-label={label} aria-valuenow={used} aria-valuemin={0} aria-valuemax={limit}>
      <div ref={bar} />
    </div>
  );
}
