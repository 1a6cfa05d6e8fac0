import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { en } from '../text/en';
import { Curl } from './Curl';
import { Dialog } from './Dialog';
import { Failure } from './Failure';

interface Props {
  title: string;
  /** What the button that sends the form says. */
  action: string;
  /** Whether it cannot be sent as it is. */
  disabled?: boolean;
  danger?: boolean;
  wide?: boolean;
  /** What is said beside the buttons. */
  note?: string;
  failure?: unknown;
  /** The same as a curl command. */
  command?: string | undefined;
  /** What came of it: is shown instead of the form, and leaves nothing to do but to close. */
  result?: ComponentChildren;
  onSubmit: (event: Event) => unknown;
  onClose: () => void;
  children: ComponentChildren;
}

/** A form in a dialog: its fields, what went wrong the last time, and the buttons to send it and to leave it. */
export function FormDialog(props: Props) {
  const { title, action, disabled = false, danger = false, wide = false, note, failure, command, result, onSubmit, onClose, children } = props;
  const id = useId();
  const close = useRef<HTMLButtonElement>(null);

  // the field that had the focus is gone, and with it what listens to Escape
  useEffect(() => close.current?.focus(), [Boolean(result)]);

  return (
    <Dialog
      title={title}
      wide={wide}
      onClose={onClose}
      footer={
        result ? (
          <button type="button" ref={close} class="button primary" onClick={onClose}>
            {en.common.close}
          </button>
        ) : (
          <>
            {note !== undefined && <span class="grow muted">{note}</span>}
            <button type="button" class="button" onClick={onClose}>
              {en.common.cancel}
            </button>
            <button type="submit" form={id} class={`button primary ${danger ? 'danger' : ''}`} disabled={disabled}>
              {action}
            </button>
          </>
        )
      }
    >
      {result || (
        <form id={id} class="stack" onSubmit={onSubmit}>
          {failure !== undefined && <Failure failure={failure} />}
          {children}
          {command !== undefined && <Curl command={command} />}
        </form>
      )}
    </Dialog>
  );
}
