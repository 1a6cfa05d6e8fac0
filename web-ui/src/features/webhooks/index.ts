export { WebhookPage } from './WebhookPage';
export { WebhooksPage } from './WebhooksPage';
