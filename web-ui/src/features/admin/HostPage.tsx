import { api } from '../../api/client';
import { bytes, count } from '../../app/format';
import { useResource } from '../../app/resource';
import { en } from '../../text/en';
import { Page } from '../../components/Page';

/** What the server runs on. */
export function HostPage() {
  const info = useResource((signal) => api.get('/api/v1/system/info', { signal }), []);
  const engine = info.data?.engine;
  return (
    <Page title={en.admin.host} failure={info.failure} onRetry={info.reload}>
      {engine && info.data && (
        <>
          <Section title={en.admin.capacity} facts={{ [en.form.cpus]: count(engine.cpus), [en.form.memory]: bytes(engine.memoryBytes) }} />
          <Section title={en.admin.versions} facts={{ berth: info.data.version, ...engine.versions }} />
          <Section title={en.admin.features} facts={engine.features} />
        </>
      )}
    </Page>
  );
}

function Section({ title, facts }: { title: string; facts: Record<string, string> }) {
  return (
    <section class="card">
      <header>
        <h2>{title}</h2>
      </header>
      <div class="body">
        <dl class="facts">
          {Object.entries(facts).map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
      </div>
    </section>
  );
}
