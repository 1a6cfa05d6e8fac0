import { tenant } from '../../app/session';
import { Page } from '../../components/Page';
import { en } from '../../text/en';
import { EventList } from './EventList';

/** What happens in the tenant, as it happens. */
export function EventsPage() {
  return (
    <Page title={en.nav.events}>
      <EventList tenant={tenant.value} />
    </Page>
  );
}
