/** An event of a tenant, as docs/events.md describes it. */
export interface TenantEvent {
  id: string;
  type: string;
  timestamp: string;
  object: string;
  data: Record<string, unknown>;
}

/** EventSource tells named events to those only who ask for their name. */
export const EVENT_TYPES = [
  ...['created', 'started', 'paused', 'resumed', 'oom', 'stopped', 'failed', 'updated', 'healthChanged', 'deleted'].map((each) => `container.${each}`),
  'exec.started',
  'exec.ended',
  'image.created',
  'image.deleted',
  'tenant.suspended',
  'tenant.resumed',
  'tenant.changed',
  'tenant.quotaChanged',
  'webhook.disabled',
];

export function listen(source: EventSource, handle: (event: TenantEvent) => void): void {
  for (const type of EVENT_TYPES) {
    source.addEventListener(type, (message: MessageEvent<string>) => handle(JSON.parse(message.data) as TenantEvent));
  }
}
