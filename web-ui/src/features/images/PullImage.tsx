import { useRef, useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { Problem } from '../../api/problem';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { tenant } from '../../app/session';
import { complain, tell } from '../../app/toasts';
import { Field } from '../../components/Field';
import { FormDialog } from '../../components/FormDialog';
import { Progress } from '../../components/Progress';
import { en } from '../../text/en';

type Operation = components['schemas']['Operation'];

const IMAGES = '/api/v1/tenants/{tenant}/images';
const LOOK = 300;

/** Pulls an image and shows how far each layer is. */
export function PullImage({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [reference, setReference] = useState('');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [operation, setOperation] = useState<Operation>();
  const [failure, setFailure] = useState<unknown>();
  const left = useRef(false);
  const body = { reference: reference.trim(), ...(username && { credentials: { username, password } }) };

  async function submit(event: Event) {
    event.preventDefault();
    setFailure(undefined);
    try {
      const answer = await api.post(IMAGES, { path: { tenant: tenant.value }, body, headers: { Prefer: 'respond-async' } });
      if ('kind' in answer) await watch(answer);
      if (left.current) return;
      onDone();
      tell(en.images.pulled(body.reference));
      onClose();
    } catch (problem) {
      setFailure(problem);
      setOperation(undefined);
    }
  }

  async function watch(started: Operation): Promise<void> {
    let now = started;
    while (now.status === 'running') {
      setOperation(now);
      await new Promise((wake) => setTimeout(wake, LOOK));
      now = await api.get('/api/v1/operations/{operation}', { path: { operation: started.id } });
    }
    if (now.problem) throw new Problem(now.problem);
  }

  async function cancel() {
    left.current = true;
    if (operation) await api.delete('/api/v1/operations/{operation}', { path: { operation: operation.id } }).catch(complain);
    onClose();
  }

  const progress = operation?.progress;
  return (
    <FormDialog
      title={en.images.pullTitle}
      action={en.images.pull}
      disabled={operation !== undefined}
      failure={failure}
      command={curl('POST', url(IMAGES, { tenant: tenant.value }), { reference: body.reference })}
      onSubmit={submit}
      onClose={() => void cancel()}
    >
      <Field label={en.images.reference} hint={en.images.referenceHint}>
        <input required autocomplete="off" spellcheck={false} value={reference} onInput={(event) => setReference(event.currentTarget.value)} />
      </Field>
      <details>
        <summary class="small">{en.images.credentials}</summary>
        <div class="fields padded">
          <Field label={en.images.username} hint={en.images.credentialsHint}>
            <input autocomplete="off" value={username} onInput={(event) => setUsername(event.currentTarget.value)} />
          </Field>
          <Field label={en.images.password}>
            <input type="password" autocomplete="off" value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
          </Field>
        </div>
      </details>
      {progress && <Progress done={progress.done} total={progress.total} message={progress.message ?? ''} />}
      {progress?.parts && (
        <ul class="parts" aria-label={en.images.layers}>
          {progress.parts.map((part) => (
            <li key={part.name}>
              <Progress done={part.done} total={part.total} message={`${part.name.slice(7, 19)} ${part.message ?? ''}`} />
            </li>
          ))}
        </ul>
      )}
    </FormDialog>
  );
}
