import { en } from '../../text/en';
import type { State } from './connection';
import { writer, type Presence } from './presence';
import type { Role } from './protocol';

interface StatusProps {
  state: State;
  role: Role;
  presence: Presence;
  onTakeOver: () => void;
  onRetry: () => void;
  onAgain: (() => void) | undefined;
  againLabel: string;
}

/** The last line: nothing while all is well. */
export function Status({ state, role, presence, onTakeOver, onRetry, onAgain, againLabel }: StatusProps) {
  const again = onAgain && (
    <button class="button small" onClick={onAgain}>
      {againLabel}
    </button>
  );
  switch (state.kind) {
    case 'connecting':
      return state.attempt > 0 ? <div class="terminal-status">{en.terminal.connecting}</div> : null;
    case 'waiting':
      return (
        <div class="terminal-status" role="status">
          <span class="grow">{en.terminal.reconnecting(Math.max(1, Math.round((state.retryAt - Date.now()) / 1000)))}</span>
          <button class="button small" onClick={onRetry}>
            {en.terminal.now}
          </button>
        </div>
      );
    case 'ended':
      return (
        <div class="terminal-status" role="status">
          <span class="grow">{en.terminal.ended(state.exitCode)}</span>
          {again}
        </div>
      );
    case 'closed':
      return (
        <div class="terminal-status" role="status">
          <span class="grow">
            {state.reason === 'signin'
              ? en.terminal.signin
              : state.reason === 'gone'
                ? en.terminal.gone
                : en.terminal.refused(state.detail)}
          </span>
          {again}
        </div>
      );
    case 'open':
      if (role === 'viewer') {
        return (
          <div class="terminal-status" role="status">
            <span class="grow">{watching(presence)}</span>
            <button class="button small" onClick={onTakeOver}>
              {takeOver(presence)}
            </button>
          </div>
        );
      }
      return null;
  }
}

function watching(presence: Presence): string {
  const writing = writer(presence);
  if (writing?.you) return en.terminal.viewerOfYourself;
  if (writing) return en.terminal.viewerOf(writing.name);
  return presence.attached.length > 0 ? en.terminal.viewerOfNobody : en.terminal.viewer;
}

function takeOver(presence: Presence): string {
  const writing = writer(presence);
  if (writing) return writing.you ? en.terminal.takeOver : en.terminal.takeOverFrom(writing.name);
  return presence.attached.length > 0 ? en.terminal.write : en.terminal.takeOver;
}
