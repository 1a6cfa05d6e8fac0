import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { curl } from '../../app/curl';
import { tenant } from '../../app/session';
import { useSubmit } from '../../app/submit';
import { Field } from '../../components/Field';
import { FormDialog } from '../../components/FormDialog';
import { SecretOnce } from '../../components/SecretOnce';
import { en } from '../../text/en';
import { covers, FAMILIES, toggled } from './types';
import { WEBHOOKS, type Webhook } from './webhooks';

/** Asks where events go, and which; then shows the key they are signed with, once. */
export function NewWebhook({ onClose }: { onClose: () => void }) {
  const [address, setAddress] = useState('');
  const [description, setDescription] = useState('');
  const [types, setTypes] = useState<readonly string[]>([]);
  const [made, setMade] = useState<Webhook>();
  const path = { tenant: tenant.value };
  const body = { url: address.trim(), types: [...types], enabled: true, ...(description && { description }) };

  const { failure, error, submit } = useSubmit(async () => {
    setMade(await api.post(WEBHOOKS, { path, body }));
  });

  return (
    <FormDialog
      title={en.webhooks.create}
      action={en.common.create}
      failure={failure}
      command={curl('POST', url(WEBHOOKS, path), body)}
      result={made && <SecretOnce notice={en.webhooks.secretOnce} label={en.webhooks.secret} secret={made.secret ?? ''} />}
      onSubmit={submit}
      onClose={onClose}
    >
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
    </FormDialog>
  );
}
