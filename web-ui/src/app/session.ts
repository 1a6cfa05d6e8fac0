import { computed, signal } from '@preact/signals';
import { api, send, useCsrfToken, whenUnauthenticated } from '../api/client';
import type { components } from '../api/schema';

export type Me = components['schemas']['Me'];

/** Who is signed in: `undefined` until the server was asked, `null` if nobody is. */
export const me = signal<Me | null | undefined>(undefined);
/** Whether somebody was, until the session ended under them: the sign-in lies over the page, which stays as it is. */
export const expired = signal(false);

const TENANT_KEY = 'berth.tenant';
/** A link may say whose things it is about. */
const chosenTenant = signal(new URLSearchParams(location.search).get('tenant') ?? localStorage.getItem(TENANT_KEY) ?? '');

export const tenants = computed(() => me.value?.tenants ?? []);
/** The tenant whose things are shown. */
export const tenant = computed(() => {
  const names = tenants.value.map((each) => each.tenant);
  return names.includes(chosenTenant.value) ? chosenTenant.value : (names[0] ?? '');
});
export const role = computed(() => tenants.value.find((each) => each.tenant === tenant.value)?.role ?? 'viewer');
export const mayWrite = computed(() => role.value !== 'viewer');
export const isOwner = computed(() => role.value === 'owner');

export function switchTenant(name: string): void {
  chosenTenant.value = name;
  localStorage.setItem(TENANT_KEY, name);
}

/** The server does not know us any more. */
export function sessionEnded(): void {
  if (me.value) expired.value = true;
  else me.value = null;
}

/** The address of what is shown, for somebody who may look at another tenant. */
export function sharedLink(): string {
  const link = new URL(location.href);
  link.searchParams.set('tenant', tenant.value);
  return link.href;
}

whenUnauthenticated(sessionEnded);

// whoever signed in again in another tab is signed in here too
addEventListener('focus', () => {
  if (expired.value) load().catch(() => {});
});

/** Asks the server who we are, by the session's cookie. */
export async function load(): Promise<void> {
  try {
    const session = await api.get('/api/v1/session');
    useCsrfToken(session.csrfToken);
    me.value = await api.get('/api/v1/me');
    expired.value = false;
  } catch (failure) {
    if (me.value === undefined) me.value = null;
    throw failure;
  }
}

export async function signInWithToken(token: string): Promise<void> {
  const session = await api.post('/api/v1/session', { body: { token } });
  useCsrfToken(session.csrfToken);
  me.value = await api.get('/api/v1/me');
  expired.value = false;
}

export async function signOut(): Promise<void> {
  await send('/api/v1/session', { method: 'DELETE' });
  me.value = null;
  expired.value = false;
}

const PLACE_KEY = 'berth.place';

/** Before the browser leaves for an identity provider, which sends it back to the start. */
export function rememberPlace(): void {
  sessionStorage.setItem(PLACE_KEY, location.pathname + location.search);
}

/** Where the start page leads to: the place that was remembered, once, or the containers. */
export function firstPlace(): string {
  const place = sessionStorage.getItem(PLACE_KEY);
  sessionStorage.removeItem(PLACE_KEY);
  return place && /^\/[^/\\]/.test(place) ? place : '/containers';
}
