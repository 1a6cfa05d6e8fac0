import { Field } from '../../components/Field';
import { Options } from '../../components/Options';
import { en } from '../../text/en';
import type { Form } from './spec';

export type SetField = <K extends keyof Form>(name: K, value: Form[K]) => void;

interface Props {
  form: Form;
  set: SetField;
  error: (pointer: string) => string | undefined;
}

type Text = { [K in keyof Form]: Form[K] extends string ? K : never }[keyof Form];

/** What most containers leave as it is. */
export function AdvancedFields({ form, set, error }: Props) {
  const text = (name: Exclude<Text, 'restart'>, label: string, pointer: string, hint?: string) => (
    <Field label={label} hint={hint} error={error(pointer)}>
      <input autocomplete="off" spellcheck={false} value={form[name]} onInput={(event) => set(name, event.currentTarget.value)} />
    </Field>
  );
  const lines = (name: 'labels' | 'tmpfs', label: string, pointer: string, hint: string) => (
    <Field label={label} hint={hint} error={error(pointer)}>
      <textarea rows={2} class="mono" spellcheck={false} value={form[name]} onInput={(event) => set(name, event.currentTarget.value)} />
    </Field>
  );
  return (
    <div class="stack padded">
      <div class="fields">
        {text('user', en.form.user, '/user')}
        {text('workingDir', en.form.workingDir, '/workingDir')}
        {text('hostname', en.form.hostname, '/hostname')}
        <Field label={en.form.restart} error={error('/restartPolicy')}>
          <select value={form.restart} onChange={(event) => set('restart', event.currentTarget.value as Form['restart'])}>
            <Options of={['no', 'on-failure', 'always', 'unless-stopped']} />
          </select>
        </Field>
        {text('ttl', en.form.ttl, '/ttl', en.form.ttlHint)}
        {text('idleTimeout', en.form.idleTimeout, '/idleTimeout', en.form.idleTimeoutHint)}
        {text('stopSignal', en.form.stopSignal, '/stopSignal', en.form.stopSignalHint)}
        {text('stopTimeout', en.form.stopTimeout, '/stopTimeout', en.form.stopTimeoutHint)}
        {text('ioRead', en.form.ioRead, '/resources/ioRead', en.form.ioHint)}
        {text('ioWrite', en.form.ioWrite, '/resources/ioWrite', en.form.ioHint)}
        {text('addCapabilities', en.form.addCapabilities, '/capabilities/add', en.form.capabilitiesHint)}
        {text('dropCapabilities', en.form.dropCapabilities, '/capabilities/drop', en.form.capabilitiesHint)}
        {lines('labels', en.form.labels, '/labels', en.form.labelsHint)}
        {lines('tmpfs', en.form.tmpfs, '/tmpfs', en.form.tmpfsHint)}
      </div>
      <fieldset class="plain" disabled={form.healthOff}>
        <legend>{en.form.health}</legend>
        <div class="fields">
          {text('healthCommand', en.form.healthCommand, '/healthcheck/command', en.form.healthCommandHint)}
          {text('healthInterval', en.form.healthInterval, '/healthcheck/interval', en.form.healthIntervalHint)}
          {text('healthTimeout', en.form.healthTimeout, '/healthcheck/timeout', en.form.healthTimeoutHint)}
          {text('healthRetries', en.form.healthRetries, '/healthcheck/retries', en.form.healthRetriesHint)}
          {text('healthStartPeriod', en.form.healthStartPeriod, '/healthcheck/startPeriod', en.form.healthStartPeriodHint)}
        </div>
      </fieldset>
      <Check label={en.form.healthOff} checked={form.healthOff} onChange={(value) => set('healthOff', value)} />
      <Check label={en.form.tty} checked={form.tty} onChange={(value) => set('tty', value)} />
      <Check label={en.form.init} checked={form.init} onChange={(value) => set('init', value)} />
      <Check label={en.form.readOnly} checked={form.readOnly} onChange={(value) => set('readOnly', value)} />
      <Check label={en.form.autoRemove} checked={form.autoRemove} onChange={(value) => set('autoRemove', value)} />
    </div>
  );
}

export function Check({ label, checked, onChange }: { label: string; checked: boolean; onChange: (value: boolean) => void }) {
  return (
    <label class="row">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} /> {label}
    </label>
  );
}
