import { api, url } from '../../api/client';
import { curl } from '../../app/curl';
import type { IconName } from '../../components/Icon';
import { en } from '../../text/en';
import { put, remove, type Container, type ContainerState } from './store';

export type Action = 'start' | 'stop' | 'restart' | 'pause' | 'resume' | 'kill' | 'delete';

interface Described {
  label: string;
  icon: IconName;
  in: readonly ContainerState[];
}

const RESTING: readonly ContainerState[] = ['created', 'stopped', 'failed'];

/** What can be done to a container in which state. */
export const actions: Record<Action, Described> = {
  start: { label: en.containers.start, icon: 'play', in: RESTING },
  stop: { label: en.containers.stop, icon: 'stop', in: ['running', 'paused'] },
  restart: { label: en.containers.restart, icon: 'restart', in: ['running', 'paused', 'stopped', 'failed'] },
  pause: { label: en.containers.pause, icon: 'pause', in: ['running'] },
  resume: { label: en.containers.resume, icon: 'play', in: ['paused'] },
  kill: { label: en.containers.kill, icon: 'skull', in: ['running', 'paused'] },
  delete: { label: en.containers.delete, icon: 'trash', in: [...RESTING, 'running', 'paused'] },
};

export function isPossible(action: Action, container: Container): boolean {
  return actions[action].in.includes(container.state);
}

/** Does it, and takes the server's answer into the list without waiting for the event. */
export async function act(action: Action, container: Container): Promise<void> {
  const path = { tenant: container.tenant, container: container.id };
  if (action === 'delete') {
    await api.delete('/api/v1/tenants/{tenant}/containers/{container}', { path, query: { force: true } });
    remove(container.id);
  } else if (action === 'kill') {
    put(await api.post('/api/v1/tenants/{tenant}/containers/{container}/kill', { path }));
  } else {
    put(await api.post(`/api/v1/tenants/{tenant}/containers/{container}/${action}`, { path }));
  }
}

export function curlOf(action: Action, container: Container): string {
  const base = url('/api/v1/tenants/{tenant}/containers/{container}', { tenant: container.tenant, container: container.name });
  return action === 'delete' ? curl('DELETE', `${base}?force=true`) : curl('POST', `${base}/${action}`);
}
