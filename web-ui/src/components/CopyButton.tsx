import { useState } from 'preact/hooks';
import { Icon } from './Icon';
import { en } from '../text/en';

export function CopyButton({ text, label = en.common.copy }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      class="button small"
      onClick={() => {
        void copy(text).then(() => {
          setCopied(true);
          setTimeout(() => setCopied(false), 1500);
        });
      }}
    >
      <Icon name="copy" /> {copied ? en.common.copied : label}
    </button>
  );
}

/** The clipboard's API exists on secure origins only; a plain http address in a local network is none. */
export async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
