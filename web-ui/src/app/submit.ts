import { useRef, useState } from 'preact/hooks';
import { fieldError } from '../api/problem';

export interface Submission {
  /** What went wrong the last time. */
  failure: unknown;
  /** What was wrong with one field, by its pointer into the body. */
  error: (pointer: string) => string | undefined;
  submit: (event: Event) => Promise<void>;
}

/** Sends a form, once at a time. A failure is kept until the next answer, so that it is read while that is waited for. */
export function useSubmit(send: () => Promise<void>): Submission {
  const [failure, setFailure] = useState<unknown>();
  const sending = useRef(false);

  async function submit(event: Event) {
    event.preventDefault();
    if (sending.current) return;
    sending.current = true;
    try {
      await send();
      setFailure(undefined);
    } catch (problem) {
      setFailure(problem);
    } finally {
      sending.current = false;
    }
  }

  return { failure, error: (pointer) => fieldError(failure, pointer), submit };
}
