import { useState } from 'preact/hooks';
import { fieldError } from '../api/problem';

export interface Submission {
  /** What went wrong the last time. */
  failure: unknown;
  /** What was wrong with one field, by its pointer into the body. */
  error: (pointer: string) => string | undefined;
  submit: (event: Event) => Promise<void>;
}

/** Sends a form. A failure is kept until the next answer, so that it is read while that is waited for. */
export function useSubmit(send: () => Promise<void>): Submission {
  const [failure, setFailure] = useState<unknown>();

  async function submit(event: Event) {
    event.preventDefault();
    try {
      await send();
      setFailure(undefined);
    } catch (problem) {
      setFailure(problem);
    }
  }

  return { failure, error: (pointer) => fieldError(failure, pointer), submit };
}
