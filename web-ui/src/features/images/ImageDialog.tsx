import { api, url } from '../../api/client';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { bytes, dateTime, shellQuoted } from '../../app/format';
import { useResource } from '../../app/resource';
import { mayWrite, tenant } from '../../app/session';
import { Curl } from '../../components/Curl';
import { Dialog } from '../../components/Dialog';
import { Facts } from '../../components/Facts';
import { Failure } from '../../components/Failure';
import { en } from '../../text/en';

const IMAGE = '/api/v1/tenants/{tenant}/images/{id}';

/** An image: what it runs, and of which layers it is made. */
export function ImageDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const path = { tenant: tenant.value, id };
  const image = useResource((signal) => api.get(IMAGE, { path, signal }), [id]);
  const data = image.data;
  return (
    <Dialog
      title={id}
      wide
      onClose={onClose}
      footer={
        <>
          {mayWrite.value && (
            <a class="button" href={`/containers?${new URLSearchParams({ new: '1', image: id })}`}>
              {en.images.use}
            </a>
          )}
          <button class="button primary" onClick={onClose}>
            {en.common.close}
          </button>
        </>
      }
    >
      <div class="stack">
        {image.failure !== undefined && <Failure failure={image.failure} onRetry={image.reload} />}
        {!data && image.failure === undefined && <div class="empty">{en.common.loading}</div>}
        {data && (
          <>
            <Facts of={facts(data).map(([name, value]) => [name, value || '–'])} />
            <div class="scroll" role="region" aria-label={en.images.layers} tabIndex={0}>
              <table aria-label={en.images.layers}>
                <thead>
                  <tr>
                    <th>{en.images.layer}</th>
                    <th class="right">{en.images.size}</th>
                    <th>{en.images.shared}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.layers.map((layer, index) => (
                    <tr key={index}>
                      <td class="mono small" title={layer.mediaType}>
                        {layer.digest.slice(7, 31)}
                      </td>
                      <td class="right">{bytes(layer.size)}</td>
                      <td>{layer.shared ? en.images.shared : en.images.own}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
        <Curl command={curl('GET', url(IMAGE, path))} />
      </div>
    </Dialog>
  );
}

function facts(image: components['schemas']['ImageDetails']): [string, string][] {
  const { config } = image;
  return [
    ['ID', image.id],
    [en.images.platform, image.platform],
    [en.images.size, `${bytes(image.size)}, ${en.images.own.toLowerCase()} ${bytes(image.ownSize)}`],
    [en.containers.created, dateTime(image.createdAt)],
    [en.images.entrypoint, shellQuoted(config.entrypoint)],
    [en.containers.command, shellQuoted(config.command)],
    [en.form.workingDir, config.workingDir ?? ''],
    [en.form.user, config.user ?? ''],
    [en.images.ports, config.exposedPorts.join(', ')],
    [en.images.stopSignal, config.stopSignal ?? ''],
    [en.containers.environment, config.env.join(' ')],
  ];
}
