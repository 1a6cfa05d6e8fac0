import type { ComponentChildren } from 'preact';

/** A card whose wide content is scrolled sideways, with the keyboard too. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="card scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
