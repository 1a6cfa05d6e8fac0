import { signal } from '@preact/signals';
import { Problem } from '../api/problem';
import { Icon } from '../components/Icon';
import { en } from '../text/en';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  requestId?: string | undefined;
  action?: Action | undefined;
}

interface Action {
  label: string;
  run: () => void;
}

const toasts = signal<Toast[]>([]);
let next = 1;

function add(toast: Omit<Toast, 'id'>, life: number): void {
  const id = next++;
  toasts.value = [...toasts.value.slice(-4), { ...toast, id }];
  setTimeout(() => dismiss(id), life);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

export function tell(text: string): void {
  add({ text, bad: false }, 5_000);
}

const UNDO = 8_000;

/**
 * Does what destroys in a moment, unless it is undone until then. Whoever leaves the page does not undo it.
 *
 * @param undone is called instead, so that what was hidden is shown again
 */
export function undoable(text: string, act: () => void, undone: () => void): void {
  const now = () => {
    clearTimeout(timer);
    removeEventListener('pagehide', now);
    act();
  };
  const timer = setTimeout(now, UNDO);
  addEventListener('pagehide', now);
  const run = () => {
    clearTimeout(timer);
    removeEventListener('pagehide', now);
    undone();
  };
  add({ text, bad: false, action: { label: en.common.undo, run } }, UNDO);
}

/** Shows what went wrong, with the request's id so that an administrator can find it in the log. */
export function complain(failure: unknown): void {
  const problem = failure instanceof Problem ? failure : undefined;
  add({ text: failure instanceof Error ? failure.message : String(failure), bad: true, requestId: problem?.requestId }, 12_000);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`notice ${toast.bad ? 'bad' : ''}`}>
          <div class="grow">
            {toast.text}
            {toast.requestId && <div class="request">{en.common.requestId(toast.requestId)}</div>}
          </div>
          {toast.action && (
            <button
              class="button small"
              onClick={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button class="button quiet icon small" aria-label={en.common.close} onClick={() => dismiss(toast.id)}>
            <Icon name="x" />
          </button>
        </div>
      ))}
    </div>
  );
}
