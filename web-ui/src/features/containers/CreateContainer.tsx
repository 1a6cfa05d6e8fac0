import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { fieldError, Problem } from '../../api/problem';
import { curl } from '../../app/curl';
import { bytes, cores } from '../../app/format';
import { useResource } from '../../app/resource';
import { tenant } from '../../app/session';
import { Field } from '../../components/Field';
import { FormDialog } from '../../components/FormDialog';
import { en } from '../../text/en';
import { AdvancedFields, Check, type SetField } from './AdvancedFields';
import { BLANK, specOf, type Form } from './spec';
import { put, quotaChanges } from './store';
import { useQuotaCheck } from './useQuotaCheck';

const MIB = 1024 * 1024;
const MEMORY_STEPS = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];
const CPU_STEPS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32];
const PIDS_STEPS = [16, 32, 64, 128, 256, 512, 1024, 4096];

export function CreateContainer({ image, onClose }: { image: string | undefined; onClose: () => void }) {
  const { route } = useLocation();
  const [form, setForm] = useState<Form>(image ? { ...BLANK, image, keep: false } : BLANK);
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState('');
  const images = useResource(
    (signal) => api.get('/api/v1/tenants/{tenant}/images', { path: { tenant: tenant.value }, query: { limit: 200 }, signal }),
    [],
  );
  const usage = useResource(
    (signal) => api.get('/api/v1/tenants/{tenant}/usage', { path: { tenant: tenant.value }, signal }),
    [quotaChanges.value],
  );

  const refusals = useQuotaCheck(specOf(form));

  const set: SetField = <K extends keyof Form>(name: K, value: Form[K]) => setForm((before) => ({ ...before, [name]: value }));
  const error = (pointer: string) => fieldError(failure, pointer);
  const left = (resource: string): string | undefined => {
    const now = usage.data?.now?.[resource];
    if (!now || now.limit === undefined || now.limit === null) return undefined;
    const rest = Math.max(0, now.limit - (now.policy === 'reserve' ? now.reserved ?? 0 : now.used ?? 0));
    return en.form.left(resource === 'memory' ? bytes(rest) : resource === 'cpus' ? cores(rest) : String(rest));
  };

  async function submit(event: Event) {
    event.preventDefault();
    setBusy(en.common.loading);
    setFailure(undefined);
    try {
      const answer = await api.post('/api/v1/tenants/{tenant}/containers', {
        path: { tenant: tenant.value },
        body: specOf(form),
      });
      if ('kind' in answer) {
        setBusy(en.form.pulling);
        await operation(answer.id);
      } else {
        put(answer);
      }
      route('name' in answer ? `/containers/${answer.name}` : '/containers');
    } catch (problem) {
      setFailure(problem);
      setBusy('');
    }
  }

  return (
    <FormDialog
      title={en.form.title}
      action={en.form.submit}
      disabled={busy !== ''}
      wide
      note={busy}
      failure={failure}
      command={curl('POST', url('/api/v1/tenants/{tenant}/containers', { tenant: tenant.value }), specOf(form))}
      onSubmit={submit}
      onClose={onClose}
    >
      <div class="fields">
        <Field label={en.form.image} hint={en.form.imageHint} error={error('/image')}>
          <input
            required
            list="image-list"
            autocomplete="off"
            spellcheck={false}
            value={form.image}
            onInput={(event) => set('image', event.currentTarget.value)}
          />
        </Field>
        <Field label={en.form.name} hint={en.form.nameHint} error={error('/name')}>
          <input
            autocomplete="off"
            spellcheck={false}
            pattern="[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
            value={form.name}
            onInput={(event) => set('name', event.currentTarget.value)}
          />
        </Field>
      </div>
      <datalist id="image-list">
        {images.data?.items.map((image) => <option key={image.reference}>{image.reference}</option>)}
      </datalist>
      <Field label={en.form.command} hint={en.form.commandHint} error={error('/command')}>
        <input
          class="mono"
          autocomplete="off"
          spellcheck={false}
          placeholder={form.keep ? 'sleep infinity' : ''}
          value={form.command}
          onInput={(event) => set('command', event.currentTarget.value)}
        />
      </Field>
      <Check label={en.form.keep} checked={form.keep} onChange={(value) => set('keep', value)} />
      <fieldset class="plain">
        <legend>{en.form.resources}</legend>
        <div class="fields">
          <Slider label={en.form.cpus} steps={CPU_STEPS} value={form.cpus} shown={cores(form.cpus)} hint={left('cpus')}
            onChange={(value) => set('cpus', value)} />
          <Slider label={en.form.memory} steps={MEMORY_STEPS} value={form.memory} shown={bytes(form.memory * MIB)} hint={left('memory')}
            onChange={(value) => set('memory', value)} />
          <Slider label={en.form.pids} steps={PIDS_STEPS} value={form.pids} shown={String(form.pids)} hint={left('pids')}
            onChange={(value) => set('pids', value)} />
        </div>
        {refusals.map((each) => (
          <p key={each} class="notice warn small" role="status">
            {each}
          </p>
        ))}
      </fieldset>
      <Field label={en.form.environment} hint={en.form.environmentHint} error={error('/env')}>
        <textarea rows={2} class="mono" spellcheck={false} value={form.environment} onInput={(event) => set('environment', event.currentTarget.value)} />
      </Field>
      <details>
        <summary>{en.form.advanced}</summary>
        <AdvancedFields form={form} set={set} error={error} />
      </details>
    </FormDialog>
  );
}

/** Waits for an operation's end; the server holds each request until then, or for half a minute. */
async function operation(id: string): Promise<void> {
  for (;;) {
    const now = await api.get('/api/v1/operations/{operation}', { path: { operation: id }, query: { wait: 30 } });
    if (now.status === 'running') continue;
    if (now.problem) throw new Problem(now.problem);
    return;
  }
}

interface SliderProps {
  label: string;
  steps: readonly number[];
  value: number;
  shown: string;
  hint: string | undefined;
  onChange: (value: number) => void;
}

/** Chooses among steps that grow, as sizes do. */
function Slider({ label, steps, value, shown, hint, onChange }: SliderProps) {
  return (
    <Field label={`${label}: ${shown}`} hint={hint}>
      <input
        type="range"
        min={0}
        max={steps.length - 1}
        value={steps.indexOf(value)}
        aria-valuetext={shown}
        onInput={(event) => onChange(steps[Number(event.currentTarget.value)]!)}
      />
    </Field>
  );
}
