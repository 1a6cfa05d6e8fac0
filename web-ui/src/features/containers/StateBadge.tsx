import { en } from '../../text/en';
import type { Container, ContainerState } from './store';

const TONES: Record<ContainerState, string> = {
  creating: 'plain',
  created: 'plain',
  running: 'good',
  paused: 'warn',
  stopped: 'plain',
  failed: 'bad',
  deleting: 'plain',
  gone: 'plain',
};

export function StateBadge({ container }: { container: Container }) {
  const bad = container.state === 'stopped' && (container.oomKilled || (container.exitCode ?? 0) !== 0);
  const code = container.state === 'stopped' && container.exitCode !== undefined ? ` (${container.exitCode})` : '';
  return (
    <span class={`badge ${bad ? 'bad' : TONES[container.state]}`}>
      {container.state}
      {code}
      {container.oomKilled && `, ${en.containers.oom}`}
    </span>
  );
}
