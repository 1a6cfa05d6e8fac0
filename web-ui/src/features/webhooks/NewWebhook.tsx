import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { Problem } from '../../api/problem';
import { curl } from '../../app/curl';
import { tenant } from '../../app/session';
import { CopyButton } from '../../components/CopyButton';
import { Curl } from '../../components/Curl';
import { Dialog } from '../../components/Dialog';
import { Failure } from '../../components/Failure';
import { Field } from '../../components/Field';
import { en } from '../../text/en';
import { covers, FAMILIES, toggled } from './types';
import { WEBHOOKS, type Webhook } from './webhooks';

/** Asks where events go, and which; then shows the key they are signed with, once. */
export function NewWebhook({ onClose }: { onClose: () => void }) {
  const [address, setAddress] = useState('');
  const [description, setDescription] = useState('');
  const [types, setTypes] = useState<readonly string[]>([]);
  const [made, setMade] = useState<Webhook>();
  const [failure, setFailure] = useState<unknown>();
  const error = (pointer: string) => (failure instanceof Problem ? failure.field(pointer) : undefined);
  const path = { tenant: tenant.value };
  const body = { url: address.trim(), types: [...types], enabled: true, ...(description && { description }) };

  async function submit(event: Event) {
    event.preventDefault();
    try {
      const answer = await api.post(WEBHOOKS, { path, body });
      setFailure(undefined);
      setMade(answer);
    } catch (problem) {
      setFailure(problem);
    }
  }

  return (
    <Dialog
      title={en.webhooks.create}
      onClose={onClose}
      footer={
        made ? (
          <button class="button primary" onClick={onClose}>
            {en.common.close}
          </button>
        ) : (
          <>
            <button class="button" onClick={onClose}>
              {en.common.cancel}
            </button>
            <button type="submit" form="new-webhook" class="button primary">
              {en.common.create}
            </button>
          </>
        )
      }
    >
      {made ? (
        <div class="stack">
          <p class="notice warn">{en.webhooks.secretOnce}</p>
          <pre class="code" aria-label={en.webhooks.secret}>
            {made.secret}
          </pre>
          <CopyButton text={made.secret ?? ''} />
        </div>
      ) : (
        <form id="new-webhook" class="stack" onSubmit={submit}>
          {failure !== undefined && <Failure failure={failure} />}
          <Field label={en.webhooks.url} hint={en.webhooks.urlHint} error={error('/url')}>
            <input required type="url" maxLength={2048} spellcheck={false} value={address} onInput={(event) => setAddress(event.currentTarget.value)} />
          </Field>
          <Field label={en.webhooks.description} error={error('/description')}>
            <input maxLength={256} value={description} onInput={(event) => setDescription(event.currentTarget.value)} />
          </Field>
          <fieldset class="plain">
            <legend>{en.webhooks.types}</legend>
            <p class="small muted">{en.webhooks.typesHint}</p>
            {[...FAMILIES].map(([family, members]) => (
              <div key={family} class="choices family">
                {[family, ...members].map((type) => (
                  <label key={type} class="row small mono">
                    <input type="checkbox" checked={covers(types, type)} onChange={() => setTypes(toggled(types, type))} /> {type}
                  </label>
                ))}
              </div>
            ))}
            {error('/types') && <div class="error small">{error('/types')}</div>}
          </fieldset>
          <Curl command={curl('POST', url(WEBHOOKS, path), body)} />
        </form>
      )}
    </Dialog>
  );
}
