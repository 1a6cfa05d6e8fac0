import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './Icon';
import { en } from '../text/en';

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  footer?: ComponentChildren;
  wide?: boolean;
}

/** A modal dialog: keeps the focus inside, gives it back at the end, closes by Escape. */
export function Dialog({ title, onClose, children, footer, wide }: Props) {
  const titleId = useId();
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const before = document.activeElement;
    const first = frame.current?.querySelector<HTMLElement>('[autofocus], input, select, textarea, footer .button');
    (first ?? frame.current)?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  return (
    <div class="over" onMouseDown={(event) => event.target === event.currentTarget && onClose()}>
      <div
        ref={frame}
        class={`dialog ${wide ? 'wide' : ''}`}
        role="dialog"
        aria-modal="true"
        aria-labelledby={titleId}
        tabIndex={-1}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onClose();
          } else if (event.key === 'Tab' && frame.current) {
            keepInside(frame.current, event);
          }
        }}
      >
        <header>
          <h2 id={titleId}>{title}</h2>
          <button type="button" class="button quiet icon" aria-label={en.common.close} onClick={onClose}>
            <Icon name="x" />
          </button>
        </header>
        <div class="body">{children}</div>
        {footer && <footer>{footer}</footer>}
      </div>
    </div>
  );
}

const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';

function keepInside(frame: HTMLElement, event: KeyboardEvent): void {
  const all = [...frame.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const first = all[0];
  const last = all[all.length - 1];
  if (!first || !last) return;
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}
