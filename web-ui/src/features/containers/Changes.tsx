import { api, url } from '../../api/client';
import { curl } from '../../app/curl';
import { useResource } from '../../app/resource';
import { Curl } from '../../components/Curl';
import { Failure } from '../../components/Failure';
import { Scroll } from '../../components/Scroll';
import { en } from '../../text/en';
import type { Container } from './store';

const CHANGES = '/api/v1/tenants/{tenant}/containers/{container}/changes';

/** What the container changed in its root file system. */
export function Changes({ container }: { container: Container }) {
  const list = useResource(
    (signal) =>
      api.get(CHANGES, {
        path: { tenant: container.tenant, container: container.id },
        signal,
      }),
    [container.id],
  );
  if (list.failure !== undefined) return <Failure failure={list.failure} onRetry={list.reload} />;
  if (!list.data) return <div class="empty">{en.common.loading}</div>;
  if (list.data.changes.length === 0) return <div class="card empty">{en.containers.noChanges}</div>;
  return (
    <>
      {list.data.truncated && <div class="notice">{en.containers.changesTruncated}</div>}
      <Scroll label={en.containers.changes}>
        <table aria-label={en.containers.changes}>
          <tbody>
            {list.data.changes.map((change) => (
              <tr key={change.path}>
                <td class="muted">{en.containers.kinds[change.kind]}</td>
                <td class="mono">{change.path}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Curl command={curl('GET', url(CHANGES, { tenant: container.tenant, container: container.name }))} />
    </>
  );
}
