import { signal } from '@preact/signals';
import { Problem } from '../api/problem';
import { Icon } from '../components/Icon';
import { en } from '../text/en';

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  requestId?: string | undefined;
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
          <button class="button quiet icon small" aria-label={en.common.close} onClick={() => dismiss(toast.id)}>
            <Icon name="x" />
          </button>
        </div>
      ))}
    </div>
  );
}
