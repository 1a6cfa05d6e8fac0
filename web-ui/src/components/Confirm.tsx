import { useState } from 'preact/hooks';
import { complain } from '../app/toasts';
import { en } from '../text/en';
import { FormDialog } from './FormDialog';

interface Props {
  title: string;
  hint: string;
  action: string;
  /** What must be typed; nothing if it is absent. */
  name?: string | undefined;
  /** The same as a curl command. */
  command: string;
  /** Whether something is lost by it. */
  harmless?: boolean;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}

/** Asks before something is destroyed, or before somebody may do more or less. */
export function Confirm({ title, hint, action, name, command, harmless, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const ready = !name || typed === name;

  async function confirm(event: Event) {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (failure) {
      complain(failure);
      setBusy(false);
    }
  }

  return (
    <FormDialog
      title={title}
      action={action}
      disabled={!ready || busy}
      danger={!harmless}
      command={command}
      onSubmit={confirm}
      onClose={onClose}
    >
      <p>{hint}</p>
      {name && (
        <div class="field">
          <label for="confirm-name">{en.common.typeToConfirm(name)}</label>
          <input id="confirm-name" autocomplete="off" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </div>
      )}
    </FormDialog>
  );
}
