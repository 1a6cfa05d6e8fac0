import { url } from '../../api/client';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { tenant } from '../../app/session';
import { en } from '../../text/en';

export type Webhook = components['schemas']['Webhook'];
export type WebhookEdit = components['schemas']['WebhookEdit'];
export type Delivery = components['schemas']['Delivery'];

export const WEBHOOKS = '/api/v1/tenants/{tenant}/webhooks';
export const WEBHOOK = `${WEBHOOKS}/{webhook}` as const;
export const PING = `${WEBHOOK}/ping` as const;
export const DELIVERIES = `${WEBHOOK}/deliveries` as const;
export const REDELIVER = `${DELIVERIES}/{delivery}/redeliver` as const;

export const TONES: Record<Delivery['status'], string> = { succeeded: 'good', pending: 'warn', failed: 'bad' };

export function of(webhook: string): { tenant: string; webhook: string } {
  return { tenant: tenant.value, webhook };
}

export function command(method: string, path: string, webhook: string, body?: object): string {
  return curl(method, url(path, of(webhook)), body);
}

export function describeTypes(types: readonly string[]): string {
  return types.length === 0 ? en.webhooks.allTypes : types.join(', ');
}
