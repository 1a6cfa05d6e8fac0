import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { Problem } from '../../api/problem';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { bytes, cores, shellQuoted, words } from '../../app/format';
import { useResource } from '../../app/resource';
import { tenant } from '../../app/session';
import { Curl } from '../../components/Curl';
import { Dialog } from '../../components/Dialog';
import { Failure } from '../../components/Failure';
import { Field } from '../../components/Field';
import { en } from '../../text/en';
import { put } from './store';

type Spec = components['schemas']['ContainerSpec'];

interface Form {
  name: string;
  image: string;
  command: string;
  keep: boolean;
  cpus: number;
  memory: number;
  pids: number;
  environment: string;
  labels: string;
  workingDir: string;
  user: string;
  hostname: string;
  restart: 'no' | 'on-failure' | 'always' | 'unless-stopped';
  ttl: string;
  init: boolean;
  readOnly: boolean;
  autoRemove: boolean;
}

const MIB = 1024 * 1024;
const MEMORY_STEPS = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];
const CPU_STEPS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32];
const PIDS_STEPS = [16, 32, 64, 128, 256, 512, 1024, 4096];

const BLANK: Form = {
  name: '',
  image: 'busybox',
  command: '',
  keep: true,
  cpus: 0.5,
  memory: 128,
  pids: 256,
  environment: '',
  labels: '',
  workingDir: '',
  user: '',
  hostname: '',
  restart: 'no',
  ttl: '',
  init: true,
  readOnly: false,
  autoRemove: false,
};

/** `a=b` lines as an object; lines without `=` name nothing and are left out. */
export function pairs(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) found[line.slice(0, at).trim()] = line.slice(at + 1);
  }
  return found;
}

/** The request's body: what was left empty is not sent, so that the server's own defaults hold. */
export function specOf(form: Form): Spec {
  const command = form.keep && !form.command.trim() ? ['sleep', 'infinity'] : words(form.command);
  const env = pairs(form.environment);
  const labels = pairs(form.labels);
  return {
    image: form.image.trim(),
    ...(form.name && { name: form.name.trim() }),
    ...(command.length > 0 && { command }),
    resources: { cpus: form.cpus, memory: form.memory * MIB, pids: form.pids },
    ...(Object.keys(env).length > 0 && { env }),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(form.workingDir && { workingDir: form.workingDir }),
    ...(form.user && { user: form.user }),
    ...(form.hostname && { hostname: form.hostname }),
    ...(form.restart !== 'no' && { restartPolicy: { name: form.restart } }),
    ...(form.ttl && { ttl: form.ttl }),
    ...(form.init && { init: true }),
    ...(form.readOnly && { readOnlyRootfs: true }),
    ...(form.autoRemove && { autoRemove: true }),
  } as Spec;
}

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
    [],
  );

  const set = <K extends keyof Form>(name: K, value: Form[K]) => setForm((before) => ({ ...before, [name]: value }));
  const error = (pointer: string) => (failure instanceof Problem ? failure.field(pointer) : undefined);
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
    <Dialog
      title={en.form.title}
      wide
      onClose={onClose}
      footer={
        <>
          <span class="grow muted">{busy}</span>
          <button type="button" class="button" onClick={onClose}>
            {en.common.cancel}
          </button>
          <button type="submit" form="create-container" class="button primary" disabled={busy !== ''}>
            {en.form.submit}
          </button>
        </>
      }
    >
      <form id="create-container" class="stack" onSubmit={submit}>
        {failure !== undefined && <Failure failure={failure} />}
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
        </fieldset>
        <Field label={en.form.environment} hint={en.form.environmentHint} error={error('/env')}>
          <textarea rows={2} class="mono" spellcheck={false} value={form.environment} onInput={(event) => set('environment', event.currentTarget.value)} />
        </Field>
        <details>
          <summary>{en.form.advanced}</summary>
          <div class="stack padded">
            <div class="fields">
              <Field label={en.form.user} error={error('/user')}>
                <input value={form.user} onInput={(event) => set('user', event.currentTarget.value)} />
              </Field>
              <Field label={en.form.workingDir} error={error('/workingDir')}>
                <input value={form.workingDir} onInput={(event) => set('workingDir', event.currentTarget.value)} />
              </Field>
              <Field label={en.form.hostname} error={error('/hostname')}>
                <input value={form.hostname} onInput={(event) => set('hostname', event.currentTarget.value)} />
              </Field>
              <Field label={en.form.restart} error={error('/restartPolicy')}>
                <select value={form.restart} onChange={(event) => set('restart', event.currentTarget.value as Form['restart'])}>
                  {['no', 'on-failure', 'always', 'unless-stopped'].map((each) => <option key={each}>{each}</option>)}
                </select>
              </Field>
              <Field label={en.form.ttl} hint={en.form.ttlHint} error={error('/ttl')}>
                <input value={form.ttl} onInput={(event) => set('ttl', event.currentTarget.value)} />
              </Field>
              <Field label={en.form.labels} hint={en.form.labelsHint} error={error('/labels')}>
                <textarea rows={2} class="mono" value={form.labels} onInput={(event) => set('labels', event.currentTarget.value)} />
              </Field>
            </div>
            <Check label={en.form.init} checked={form.init} onChange={(value) => set('init', value)} />
            <Check label={en.form.readOnly} checked={form.readOnly} onChange={(value) => set('readOnly', value)} />
            <Check label={en.form.autoRemove} checked={form.autoRemove} onChange={(value) => set('autoRemove', value)} />
          </div>
        </details>
        <Curl command={curl('POST', url('/api/v1/tenants/{tenant}/containers', { tenant: tenant.value }), specOf(form))} />
        <p class="visually-hidden">{shellQuoted(words(form.command))}</p>
      </form>
    </Dialog>
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

function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange: (value: boolean) => void }) {
  return (
    <label class="row">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} /> {label}
    </label>
  );
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
