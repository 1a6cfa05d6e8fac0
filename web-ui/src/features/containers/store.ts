import { computed, effect, signal } from '@preact/signals';
import { api, url } from '../../api/client';
import { listen, type TenantEvent } from '../../api/events';
import { followStream } from '../../api/stream';
import type { components } from '../../api/schema';
import { tenant } from '../../app/session';

export type Container = components['schemas']['Container'];
export type ContainerState = components['schemas']['ContainerState'];
export type Connection = 'connecting' | 'live' | 'lost';

/** The tenant's containers as the server last told, by id. The event stream keeps them true; nothing is polled. */
const containers = signal<ReadonlyMap<string, Container>>(new Map());
export const loaded = signal(false);
export const failure = signal<unknown>(undefined);
/** Grows with each change of the tenant's quota, for what shows it. */
export const quotaChanges = signal(0);
export const connection = signal<Connection>('connecting');

/** Newest first. */
export const listed = computed(() => [...containers.value.values()].sort((a, b) => (a.id < b.id ? 1 : -1)));

export function byName(name: string): Container | undefined {
  const known = containers.value;
  return known.get(name) ?? listed.value.find((each) => each.name === name);
}

/** Takes an answer of the server, unless a newer one is there already. */
export function put(container: Container): void {
  containers.value = merged(containers.value, container);
}

export function remove(id: string): void {
  const next = new Map(containers.value);
  next.delete(id);
  containers.value = next;
}

export function merged(known: ReadonlyMap<string, Container>, container: Container): ReadonlyMap<string, Container> {
  if (container.state === 'gone' || container.state === 'deleting') {
    const next = new Map(known);
    next.delete(container.id);
    return next;
  }
  return new Map(known).set(container.id, container);
}

async function loadAll(name: string): Promise<void> {
  const all = new Map<string, Container>();
  let cursor: string | undefined;
  do {
    const page = await api.get('/api/v1/tenants/{tenant}/containers', {
      path: { tenant: name },
      query: cursor ? { limit: 200, cursor } : { limit: 200 },
    });
    for (const each of page.items) all.set(each.id, each);
    cursor = page.next ?? undefined;
  } while (cursor);
  if (tenant.value === name) {
    containers.value = all;
    loaded.value = true;
    failure.value = undefined;
  }
}

const asked = new Set<string>();

/** Something happened to a container: looks at it once, however many events tell of it meanwhile. */
function refresh(name: string, id: string): void {
  if (asked.has(id)) return;
  asked.add(id);
  setTimeout(() => {
    asked.delete(id);
    api
      .get('/api/v1/tenants/{tenant}/containers/{container}', { path: { tenant: name, container: id } })
      .then((container) => tenant.value === name && put(container))
      .catch(() => tenant.value === name && remove(id));
  }, 30);
}

function hear(name: string, event: TenantEvent): void {
  if (event.type === 'tenant.quotaChanged') quotaChanges.value += 1;
  if (!event.type.startsWith('container.')) return;
  if (event.type === 'container.deleted') remove(event.object);
  else refresh(name, event.object);
}

/** Follows the tenant of the session; returns what ends it. */
export function follow(name: string): () => void {
  containers.value = new Map();
  loaded.value = false;
  connection.value = 'connecting';
  const reload = () => loadAll(name).catch((problem: unknown) => (failure.value = problem));
  return followStream(() => url('/api/v1/tenants/{tenant}/events', { tenant: name }), {
    made: (source) => listen(source, (event) => hear(name, event)),
    open: () => {
      connection.value = 'live';
      // what happened before the stream was there, or while it was away
      void reload();
    },
    lost: () => {
      connection.value = 'lost';
      // tells why, and whether somebody has to sign in again
      void reload();
    },
  });
}

let unfollow = () => {};

effect(() => {
  const name = tenant.value;
  unfollow();
  unfollow = name ? follow(name) : () => {};
});
