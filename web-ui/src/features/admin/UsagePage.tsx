import { api } from '../../api/client';
import { useInterval, useResource } from '../../app/resource';
import { tenant } from '../../app/session';
import { quotaChanges } from '../containers/store';
import { en } from '../../text/en';
import { Page } from './Page';
import { UsageBars } from './UsageBars';

export function UsagePage() {
  const usage = useResource(
    (signal) => api.get('/api/v1/tenants/{tenant}/usage', { path: { tenant: tenant.value }, signal }),
    [tenant.value, quotaChanges.value],
  );
  useInterval(usage.reload, 5_000);
  return (
    <Page title={en.admin.usage} failure={usage.failure} onRetry={usage.reload}>
      {usage.data && <UsageBars now={usage.data.now} />}
    </Page>
  );
}
