import { Problem } from '../../api/problem';
import { bytes } from '../../app/format';
import { Icon } from '../../components/Icon';
import { Progress } from '../../components/Progress';
import { en } from '../../text/en';
import { dismiss, dismissAll, insist, uploads, type Uploading } from './uploads';

/** What is being uploaded, whatever page is shown. */
export function Uploads() {
  const all = uploads.value;
  if (all.length === 0) return null;
  const done = all.filter((each) => each.state === 'done').length;
  return (
    <section class="uploads card" aria-label={en.files.uploads}>
      <header>
        <h2>{en.files.uploaded(done, all.length)}</h2>
        <button class="button quiet icon small" aria-label={en.common.close} onClick={dismissAll}>
          <Icon name="x" />
        </button>
      </header>
      <ul class="body" aria-live="polite">
        {all.slice(0, 50).map((each) => (
          <Line key={each.id} of={each} />
        ))}
      </ul>
    </section>
  );
}

function Line({ of }: { of: Uploading }) {
  const again = of.state === 'exists' || of.state === 'failed';
  return (
    <li>
      <div class="row">
        <span class="grow ellipsis small" title={`${of.container.name}:${of.path}`}>
          {of.path}
        </span>
        {of.state === 'done' && <span class="badge good">{bytes(of.file.size)}</span>}
        {again && (
          <button class="button small" onClick={() => insist(of.id)}>
            {of.state === 'exists' ? en.files.replace : en.common.retry}
          </button>
        )}
        {of.state !== 'done' && (
          <button class="button small" onClick={() => dismiss(of.id)}>
            {of.state === 'exists' ? en.files.skip : en.common.cancel}
          </button>
        )}
      </div>
      {of.state === 'sending' && <Progress done={of.sent} total={of.file.size} message="" />}
      {of.state === 'exists' && <p class="small">{en.files.exists}</p>}
      {of.state === 'failed' && <p class="small bad">{explained(of.failure)}</p>}
    </li>
  );
}

function explained(failure: unknown): string {
  const words = failure instanceof Error ? failure.message : String(failure);
  return failure instanceof Problem && failure.requestId ? `${words} (${en.common.requestId(failure.requestId)})` : words;
}
