import { en } from '../../text/en';

const KEYS: readonly (readonly [string, string])[] = [
  ['esc', '\x1b'],
  ['tab', '\t'],
  ['↑', '\x1b[A'],
  ['↓', '\x1b[B'],
  ['←', '\x1b[D'],
  ['→', '\x1b[C'],
  ['home', '\x1b[H'],
  ['end', '\x1b[F'],
  ['pgup', '\x1b[5~'],
  ['pgdn', '\x1b[6~'],
  ['^C', '\x03'],
  ['^D', '\x04'],
  ['|', '|'],
  ['/', '/'],
  ['-', '-'],
  ['~', '~'],
];

interface Props {
  held: boolean;
  onHold: (held: boolean) => void;
  onKey: (text: string) => void;
  onDone: () => void;
}

/** The keys a phone's keyboard lacks. `ctrl` stays down for the next letter. */
export function Keys({ held, onHold, onKey, onDone }: Props) {
  return (
    <div class="terminal-keys" role="toolbar" aria-label={en.terminal.keys}>
      <button
        aria-pressed={held}
        onClick={() => {
          onHold(!held);
          onDone();
        }}
      >
        ctrl
      </button>
      {KEYS.map(([label, text]) => (
        <button
          key={label}
          onClick={() => {
            onKey(text);
            onDone();
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
