import { useRef, useState } from 'preact/hooks';
import { api, send, url } from '../../api/client';
import { Problem } from '../../api/problem';
import type { components } from '../../api/schema';
import { ago, bytes } from '../../app/format';
import { useResource } from '../../app/resource';
import { mayWrite, tenant } from '../../app/session';
import { complain, tell } from '../../app/toasts';
import { Confirm } from '../../components/Confirm';
import { Dialog } from '../../components/Dialog';
import { Failure } from '../../components/Failure';
import { Field } from '../../components/Field';
import { Icon } from '../../components/Icon';
import { Scroll } from '../../components/Scroll';
import { en } from '../../text/en';

type Image = components['schemas']['Image'];
type Operation = components['schemas']['Operation'];

export function ImagesPage() {
  const [pulling, setPulling] = useState(false);
  const [archive, setArchive] = useState<File>();
  const [importing, setImporting] = useState(false);
  const [deleting, setDeleting] = useState<Image>();
  const [over, setOver] = useState(false);
  const images = useResource(
    (signal) => api.get('/api/v1/tenants/{tenant}/images', { path: { tenant: tenant.value }, query: { limit: 200 }, signal }),
    [tenant.value],
  );

  return (
    <div
      class="page"
      onDragOver={(event) => {
        if (!mayWrite.value) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        setArchive(event.dataTransfer?.files[0]);
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
                  <th class="wide-only">{en.images.age}</th>
                  <th>
                    <span class="visually-hidden">{en.common.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {images.data.items.map((image) => (
                  <tr key={image.reference}>
                    <td>{image.reference}</td>
                    <td class="wide-only mono muted">{image.id.slice(7, 19)}</td>
                    <td class="wide-only">{image.platform}</td>
                    <td class="right">{bytes(image.size)}</td>
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
      {pulling && <Pull onClose={() => setPulling(false)} onDone={images.reload} />}
      {importing && (
        <Import
          archive={archive}
          onDone={images.reload}
          onClose={() => {
            setImporting(false);
            setArchive(undefined);
          }}
        />
      )}
      {deleting && (
        <Confirm
          title={`${en.images.deleteTitle}: ${deleting.reference}`}
          hint={en.images.deleteHint}
          action={en.common.delete}
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await api.delete('/api/v1/tenants/{tenant}/images/{id}', { path: { tenant: tenant.value, id: deleting.reference } });
            images.reload();
          }}
        />
      )}
    </div>
  );
}

function Pull({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [reference, setReference] = useState('');
  const [operation, setOperation] = useState<Operation>();
  const [failure, setFailure] = useState<unknown>();
  const closed = useRef(false);

  async function submit(event: Event) {
    event.preventDefault();
    setFailure(undefined);
    try {
      const answer = await api.post('/api/v1/tenants/{tenant}/images', {
        path: { tenant: tenant.value },
        body: { reference: reference.trim() },
        headers: { Prefer: 'respond-async' },
      });
      if ('kind' in answer) await watch(answer as Operation);
      onDone();
      tell(en.images.pulled(reference));
      onClose();
    } catch (problem) {
      setFailure(problem);
      setOperation(undefined);
    }
  }

  async function watch(started: Operation): Promise<void> {
    let now = started;
    while (now.status === 'running') {
      setOperation(now);
      await new Promise((wake) => setTimeout(wake, 300));
      now = await api.get('/api/v1/operations/{operation}', { path: { operation: started.id } });
    }
    if (now.problem) throw new Problem(now.problem);
  }

  async function cancel() {
    closed.current = true;
    if (operation) await api.delete('/api/v1/operations/{operation}', { path: { operation: operation.id } }).catch(complain);
    onClose();
  }

  const progress = operation?.progress;
  return (
    <Dialog
      title={en.images.pullTitle}
      onClose={() => void cancel()}
      footer={
        <>
          <button class="button" onClick={() => void cancel()}>
            {en.common.cancel}
          </button>
          <button type="submit" form="pull" class="button primary" disabled={operation !== undefined}>
            {en.images.pull}
          </button>
        </>
      }
    >
      <form id="pull" class="stack" onSubmit={submit}>
        {failure !== undefined && <Failure failure={failure} />}
        <Field label={en.images.reference} hint={en.images.referenceHint}>
          <input required autocomplete="off" spellcheck={false} value={reference} onInput={(event) => setReference(event.currentTarget.value)} />
        </Field>
        {progress && <Progress done={progress.done} total={progress.total} message={progress.message ?? ''} />}
      </form>
    </Dialog>
  );
}

function Import({ archive, onClose, onDone }: { archive: File | undefined; onClose: () => void; onDone: () => void }) {
  const [file, setFile] = useState(archive);
  const [reference, setReference] = useState(() => suggested(archive));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();

  async function submit(event: Event) {
    event.preventDefault();
    if (!file) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await send(url('/api/v1/tenants/{tenant}/images/import', { tenant: tenant.value }, { reference }), {
        method: 'PUT',
        headers: { 'Content-Type': 'application/octet-stream', Accept: 'application/json' },
        body: file,
      });
      onDone();
      tell(en.images.imported(reference));
      onClose();
    } catch (problem) {
      setFailure(problem);
      setBusy(false);
    }
  }

  return (
    <Dialog
      title={en.images.importTitle}
      onClose={onClose}
      footer={
        <>
          <button class="button" onClick={onClose}>
            {en.common.cancel}
          </button>
          <button type="submit" form="import" class="button primary" disabled={busy || !file || !reference}>
            {en.images.import}
          </button>
        </>
      }
    >
      <form id="import" class="stack" onSubmit={submit}>
        {failure !== undefined && <Failure failure={failure} />}
        <Field label={file ? `${file.name} (${bytes(file.size)})` : en.images.import} hint={en.images.importHint}>
          <input
            type="file"
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0];
              setFile(chosen);
              setReference(suggested(chosen));
            }}
          />
        </Field>
        <Field label={en.images.reference}>
          <input required autocomplete="off" spellcheck={false} value={reference} onInput={(event) => setReference(event.currentTarget.value)} />
        </Field>
        {busy && <Progress done={0} total={-1} message={en.common.loading} />}
      </form>
    </Dialog>
  );
}

/** A reference from a file's name: `debian-12.tar.gz` is `debian-12:latest`. */
export function suggested(file: File | undefined): string {
  const name = file?.name.replace(/\.(tar|tar\.gz|tgz|tar\.zst|tar\.xz)$/i, '').toLowerCase().replace(/[^a-z0-9._-]+/g, '-') ?? '';
  return name ? `${name.replace(/^[._-]+|[._-]+$/g, '')}:latest` : '';
}

function Progress({ done, total, message }: { done: number; total: number | undefined; message: string }) {
  const known = total !== undefined && total > 0;
  const bar = useRef<HTMLDivElement>(null);
  if (bar.current && known) bar.current.style.width = `${Math.min(100, (done / total) * 100)}%`;
  return (
    <div>
      <div class={`progress ${known ? '' : 'unknown'}`} role="progressbar" aria-label={message} {...(known && { 'aria-valuenow': done, 'aria-valuemax': total })}>
        <div ref={bar} />
      </div>
      <p class="small muted">
        {message} {known && `${bytes(done)} / ${bytes(total)}`}
      </p>
    </div>
  );
}
