import { api, url } from '../../api/client';
import { curl } from '../../app/curl';
import { bytes, span } from '../../app/format';
import { useInterval, useResource } from '../../app/resource';
import { Curl } from '../../components/Curl';
import { Failure } from '../../components/Failure';
import { Scroll } from '../../components/Scroll';
import { en } from '../../text/en';
import type { Container } from './store';

const PROCESSES = '/api/v1/tenants/{tenant}/containers/{container}/processes';

export function Processes({ container }: { container: Container }) {
  const running = container.state === 'running' || container.state === 'paused';
  const list = useResource(
    async (signal) =>
      running
        ? await api.get(PROCESSES, {
            path: { tenant: container.tenant, container: container.id },
            signal,
          })
        : undefined,
    [container.id, running],
  );
  useInterval(list.reload, 2_000);

  if (!running) return <div class="card empty">{en.containers.noProcesses}</div>;
  if (list.failure !== undefined) return <Failure failure={list.failure} onRetry={list.reload} />;
  return (
    <>
      <Scroll label={en.containers.processes}>
        <table aria-label={en.containers.processes}>
          <thead>
            <tr>
              <th class="right">PID</th>
              <th class="right">UID</th>
              <th>{en.containers.state}</th>
              <th class="right">{en.containers.cpu}</th>
              <th class="right">{en.containers.memory}</th>
              <th>{en.containers.command}</th>
            </tr>
          </thead>
          <tbody>
            {list.data?.processes.map((process) => (
              <tr key={process.pid}>
                <td class="right mono">{process.pid}</td>
                <td class="right mono">{process.uid}</td>
                <td class="mono">{process.state}</td>
                <td class="right">{process.cpuMillis === undefined ? '–' : span(process.cpuMillis)}</td>
                <td class="right">{bytes(process.residentBytes)}</td>
                <td class="mono ellipsis">{process.command}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <Curl command={curl('GET', url(PROCESSES, { tenant: container.tenant, container: container.name }))} />
    </>
  );
}
