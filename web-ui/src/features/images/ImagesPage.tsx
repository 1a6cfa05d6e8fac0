import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { ago, bytes } from '../../app/format';
import { useResource } from '../../app/resource';
import { mayWrite, tenant } from '../../app/session';
import { Confirm } from '../../components/Confirm';
import { Curl } from '../../components/Curl';
import { Failure } from '../../components/Failure';
import { Icon } from '../../components/Icon';
import { Scroll } from '../../components/Scroll';
import { en } from '../../text/en';
import { holdsFiles } from '../files/dropped';
import { ImageDialog } from './ImageDialog';
import { ImportImage } from './ImportImage';
import { PullImage } from './PullImage';
import { Registries } from './Registries';

type Image = components['schemas']['Image'];

const IMAGES = '/api/v1/tenants/{tenant}/images';
const IMAGE = `${IMAGES}/{id}` as const;

export function ImagesPage() {
  const { query, route } = useLocation();
  const open = query['open'];
  const [pulling, setPulling] = useState(false);
  const [archive, setArchive] = useState<File>();
  const [importing, setImporting] = useState(false);
  const [deleting, setDeleting] = useState<Image>();
  const [over, setOver] = useState(false);
  const images = useResource(
    (signal) => api.get(IMAGES, { path: { tenant: tenant.value }, query: { limit: 200 }, signal }),
    [tenant.value],
  );

  return (
    <div
      class="page"
      onDragOver={(event) => {
        if (!mayWrite.value || !holdsFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!mayWrite.value || !event.dataTransfer?.files[0]) return;
        setArchive(event.dataTransfer.files[0]);
        setImporting(true);
      }}
    >
      <div class="title">
        <h1>{en.images.title}</h1>
        {mayWrite.value && (
          <>
            <button class="button" onClick={() => setImporting(true)}>
              <Icon name="upload" /> {en.images.import}
            </button>
            <button class="button primary" onClick={() => setPulling(true)}>
              <Icon name="download" /> {en.images.pull}
            </button>
          </>
        )}
      </div>
      {over && <div class="notice">{en.images.drop}</div>}
      {images.failure !== undefined && <Failure failure={images.failure} onRetry={images.reload} />}
      {images.data &&
        (images.data.items.length === 0 ? (
          <div class="card empty">
            <h2>{en.images.empty}</h2>
            <p>{en.images.emptyHint}</p>
            {mayWrite.value && (
              <div class="row">
                <button class="button primary" onClick={() => setPulling(true)}>
                  {en.images.pull}
                </button>
              </div>
            )}
          </div>
        ) : (
          <Scroll label={en.images.title}>
            <table aria-label={en.images.title}>
              <thead>
                <tr>
                  <th>{en.images.reference}</th>
                  <th class="wide-only">ID</th>
                  <th class="wide-only">{en.images.platform}</th>
                  <th class="right">{en.images.size}</th>
                  <th class="right" title={en.images.ownHint}>
                    {en.images.own}
                  </th>
                  <th class="right wide-only">{en.images.shared}</th>
                  <th class="wide-only">{en.images.age}</th>
                  <th>
                    <span class="visually-hidden">{en.common.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {images.data.items.map((image) => (
                  <tr key={image.reference}>
                    <td>
                      <a href={`/images?${new URLSearchParams({ open: image.reference })}`}>{image.reference}</a>
                    </td>
                    <td class="wide-only mono muted">{image.id.slice(7, 19)}</td>
                    <td class="wide-only">{image.platform}</td>
                    <td class="right">{bytes(image.size)}</td>
                    <td class="right">{bytes(image.ownSize)}</td>
                    <td class="right wide-only muted">{bytes(image.size - (image.ownSize ?? image.size))}</td>
                    <td class="wide-only muted">{ago(image.createdAt)}</td>
                    <td class="right">
                      {mayWrite.value && (
                        <button class="button quiet icon small" aria-label={`${en.common.delete} ${image.reference}`} onClick={() => setDeleting(image)}>
                          <Icon name="trash" />
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        ))}
      <Curl command={curl('GET', url(IMAGES, { tenant: tenant.value }))} />
      {mayWrite.value && <Registries />}
      {pulling && <PullImage onClose={() => setPulling(false)} onDone={images.reload} />}
      {importing && (
        <ImportImage
          archive={archive}
          onDone={images.reload}
          onClose={() => {
            setImporting(false);
            setArchive(undefined);
          }}
        />
      )}
      {open && <ImageDialog key={open} id={open} onClose={() => route('/images')} />}
      {deleting && (
        <Confirm
          title={`${en.images.deleteTitle}: ${deleting.reference}`}
          hint={en.images.deleteHint}
          action={en.common.delete}
          name={deleting.reference}
          command={curl('DELETE', url(IMAGE, { tenant: tenant.value, id: deleting.reference }))}
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await api.delete(IMAGE, { path: { tenant: tenant.value, id: deleting.reference } });
            images.reload();
          }}
        />
      )}
    </div>
  );
}
