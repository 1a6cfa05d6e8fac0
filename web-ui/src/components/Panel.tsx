import type { ComponentChildren } from 'preact';

interface Props {
  title: string;
  /** Stands beside the title. */
  aside?: ComponentChildren;
  children: ComponentChildren;
}

/** A card with a title. */
export function Panel({ title, aside, children }: Props) {
  return (
    <section class="card">
      <header>
        <h2>{title}</h2>
        {aside}
      </header>
      <div class="body">{children}</div>
    </section>
  );
}
