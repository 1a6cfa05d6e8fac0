import { useState } from 'preact/hooks';
import { Curl } from '../../components/Curl';
import { Dialog } from '../../components/Dialog';
import { Failure } from '../../components/Failure';
import { Field } from '../../components/Field';
import { en } from '../../text/en';

interface Props {
  title: string;
  label?: string;
  hint?: string;
  value: string;
  command?: (name: string) => string;
  onName: (name: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for a name or a path, and shows what is wrong with it. */
export function NamePrompt({ title, label = en.files.name, hint = en.files.nameHint, value, command, onName, onClose }: Props) {
  const [name, setName] = useState(value);
  const [failure, setFailure] = useState<unknown>();

  async function submit(event: Event) {
    event.preventDefault();
    try {
      await onName(name.trim());
      onClose();
    } catch (problem) {
      setFailure(problem);
    }
  }

  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="button" onClick={onClose}>
            {en.common.cancel}
          </button>
          <button type="submit" form="name-prompt" class="button primary" disabled={!name.trim()}>
            {en.common.ok}
          </button>
        </>
      }
    >
      <form id="name-prompt" class="stack" onSubmit={submit}>
        {failure !== undefined && <Failure failure={failure} />}
        <Field label={label} hint={hint}>
          <input required autocomplete="off" spellcheck={false} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </Field>
        {command && <Curl command={command(name.trim())} />}
      </form>
    </Dialog>
  );
}
