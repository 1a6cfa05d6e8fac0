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

const HEALTH_TONES = { starting: 'warn', healthy: 'good', unhealthy: 'bad' } as const;

/** Its state and, if it is checked, its health. */
export function StateBadge({ container }: { container: Container }) {
  const ended = container.state === 'stopped';
  const bad = ended && !container.stopReason && (container.oomKilled || (container.exitCode ?? 0) !== 0);
  const code = ended && container.exitCode !== undefined ? ` (${container.exitCode})` : '';
  return (
    <>
      <span class={`badge ${bad ? 'bad' : TONES[container.state]}`}>
        {container.state}
        {code}
        {container.oomKilled && `, ${en.containers.oom}`}
        {ended && container.stopReason && `, ${en.containers.reasons[container.stopReason]}`}
      </span>
      <HealthBadge container={container} />
    </>
  );
}

export function HealthBadge({ container }: { container: Container }) {
  const status = container.health?.status;
  return status ? <span class={`badge ${HEALTH_TONES[status]}`}>{status}</span> : null;
}
