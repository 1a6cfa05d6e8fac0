import { useEffect, useState } from 'preact/hooks';
import { upload, url } from '../../api/client';
import { curl } from '../../app/curl';
import { bytes } from '../../app/format';
import { tenant } from '../../app/session';
import { tell } from '../../app/toasts';
import { Field } from '../../components/Field';
import { FormDialog } from '../../components/FormDialog';
import { Progress } from '../../components/Progress';
import { en } from '../../text/en';

const IMPORT = '/api/v1/tenants/{tenant}/images/import';

interface Props {
  archive: File | undefined;
  onClose: () => void;
  onDone: () => void;
}

export function ImportImage({ archive, onClose, onDone }: Props) {
  const [file, setFile] = useState(archive);
  const [reference, setReference] = useState(() => suggested(archive));
  const [sent, setSent] = useState<number>();
  const [failure, setFailure] = useState<unknown>();
  const [abort] = useState(() => new AbortController());
  useEffect(() => () => abort.abort(), []);
  const address = url(IMPORT, { tenant: tenant.value }, { reference });

  async function submit(event: Event) {
    event.preventDefault();
    if (!file) return;
    setSent(0);
    setFailure(undefined);
    try {
      await upload(address, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/octet-stream', Accept: 'application/json' },
        body: file,
        signal: abort.signal,
        progress: setSent,
      });
      onDone();
      tell(en.images.imported(reference));
      onClose();
    } catch (problem) {
      if (abort.signal.aborted) return;
      setFailure(problem);
      setSent(undefined);
    }
  }

  return (
    <FormDialog
      title={en.images.importTitle}
      action={en.images.import}
      disabled={!file || sent !== undefined}
      failure={failure}
      command={curl('PUT', address, undefined, file?.name ?? 'image.tar')}
      onSubmit={submit}
      onClose={onClose}
    >
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
      {file && sent !== undefined && (
        <Progress done={sent} total={sent < file.size ? file.size : undefined} message={sent < file.size ? en.images.sending : en.images.unpacking} />
      )}
    </FormDialog>
  );
}

/** A reference from a file's name: `debian-12.tar.gz` is `debian-12:latest`. */
export function suggested(file: File | undefined): string {
  const name = file?.name.replace(/\.(tar|tar\.gz|tgz|tar\.zst|tar\.xz)$/i, '').toLowerCase().replace(/[^a-z0-9._-]+/g, '-') ?? '';
  return name ? `${name.replace(/^[._-]+|[._-]+$/g, '')}:latest` : '';
}
