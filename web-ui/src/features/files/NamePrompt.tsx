import { useState } from 'preact/hooks';
import { Field } from '../../components/Field';
import { useSubmit } from '../../app/submit';
import { FormDialog } from '../../components/FormDialog';
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

  const { failure, submit } = useSubmit(async () => {
    await onName(name.trim());
    onClose();
  });

  return (
    <FormDialog
      title={title}
      action={en.common.ok}
      disabled={!name.trim()}
      failure={failure}
      command={command?.(name.trim())}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={label} hint={hint}>
        <input required autocomplete="off" spellcheck={false} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </Field>
    </FormDialog>
  );
}
