import { CopyButton } from './CopyButton';
import { Curl } from './Curl';

interface Props {
  /** Says that it is not shown again. */
  notice: string;
  label?: string;
  secret: string;
  /** How another is made, as a curl command. */
  command?: string;
}

/** A secret the server tells once, to be copied. */
export function SecretOnce({ notice, label, secret, command }: Props) {
  return (
    <div class="stack">
      <p class="notice warn">{notice}</p>
      <pre class="code" aria-label={label}>
        {secret}
      </pre>
      <CopyButton text={secret} />
      {command !== undefined && <Curl command={command} />}
    </div>
  );
}
