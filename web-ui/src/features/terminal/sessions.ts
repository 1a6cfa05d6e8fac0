import { api, url } from '../../api/client';
import type { components } from '../../api/schema';
import type { Container } from '../containers/store';

const EXEC = '/api/v1/tenants/{tenant}/containers/{container}/execs/{exec}';

export type Exec = components['schemas']['Exec'];

/** The shells that run in a container, the oldest first: also those that another browser, or this one before, opened. */
export async function openSessions(container: Container, signal?: AbortSignal): Promise<Exec[]> {
  const path = { tenant: container.tenant, container: container.id };
  const page = await api.get('/api/v1/tenants/{tenant}/containers/{container}/execs', {
    path,
    ...(signal && { signal }),
  });
  return page.items.filter((each) => each.tty && each.state === 'running');
}

/**
 * The best shell the image has: tried by the shell that every image with one has. Terminals here are UTF-8; an image that says
 * nothing of its own about it would have line editing delete characters byte by byte. Shells that can are asked to report their
 * directory by OSC 7, so that files dropped on a terminal go there.
 */
const SHELL = [
  'sh',
  '-c',
  String.raw`
[ -n "$LC_ALL$LC_CTYPE$LANG" ] || export LANG=C.UTF-8
if command -v bash >/dev/null 2>&1; then
  PROMPT_COMMAND='printf "\033]7;file://%s%s\007" "$HOSTNAME" "$PWD"' exec bash
fi
case $(readlink -f /proc/$$/exe 2>/dev/null) in
  *busybox*) PS1='\[\033]7;file://\h$PWD\007\]\w \$ ' exec sh ;;
esac
exec sh`,
];

export async function openShell(container: Container): Promise<Exec> {
  const answer = await api.post('/api/v1/tenants/{tenant}/containers/{container}/execs', {
    path: { tenant: container.tenant, container: container.id },
    body: { command: SHELL, tty: true, wait: false, env: { TERM: 'xterm-256color', COLORTERM: 'truecolor' } },
  });
  return answer as Exec;
}

export function endSession(container: Container, id: string): Promise<undefined> {
  return api.delete(EXEC, {
    path: { tenant: container.tenant, container: container.id, exec: id },
  });
}

export function execPath(container: Container, exec: string): string {
  return url(EXEC, { tenant: container.tenant, container: container.id, exec });
}

export function attachPath(container: Container, exec: string | undefined): string {
  const names = { tenant: container.tenant, container: container.id, exec: exec ?? '' };
  return url(
    exec
      ? '/api/v1/tenants/{tenant}/containers/{container}/execs/{exec}/attach'
      : '/api/v1/tenants/{tenant}/containers/{container}/attach',
    names,
  );
}
