import { CopyButton } from './CopyButton';
import { en } from '../text/en';

/** Shows how the same is done without the console. */
export function Curl({ command }: { command: string }) {
  return (
    <details>
      <summary class="muted small">{en.common.asCurl}</summary>
      <div class="row top command">
        <pre class="grow code">{command}</pre>
        <CopyButton text={command} />
      </div>
    </details>
  );
}
