import { useEffect, useState } from 'preact/hooks';
import { curl } from '../../app/curl';
import { tell } from '../../app/toasts';
import { Curl } from '../../components/Curl';
import { Dialog } from '../../components/Dialog';
import { Failure } from '../../components/Failure';
import { en } from '../../text/en';
import type { Container } from '../containers/store';
import { contentUrl, isConflict, readText, write, type Text } from './files';
import { nameOf } from './paths';

interface Props {
  container: Container;
  path: string;
  /** There is no such file yet. */
  fresh: boolean;
  readOnly: boolean;
  onClose: () => void;
}

/** Edits a text file. What somebody else wrote meanwhile is shown, not overwritten. */
export function Editor({ container, path, fresh, readOnly, onClose }: Props) {
  const [before, setBefore] = useState<Text | undefined>(fresh ? { text: '', etag: '' } : undefined);
  const [text, setText] = useState('');
  const [theirs, setTheirs] = useState<Text>();
  const [isNew, setNew] = useState(fresh);
  const [binary, setBinary] = useState(false);
  const [busy, setBusy] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const changed = before !== undefined && (isNew || text !== before.text);

  useEffect(() => {
    if (fresh) return;
    const abort = new AbortController();
    readText(container, path, abort.signal)
      .then((read) => {
        if (read) take(read);
        else setBinary(true);
      })
      .catch((problem: unknown) => !abort.signal.aborted && setFailure(problem));
    return () => abort.abort();
  }, [path]);

  function take(read: Text) {
    setBefore(read);
    setText(read.text);
    setTheirs(undefined);
    setNew(false);
  }

  async function save() {
    if (!before || busy || readOnly) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const etag = await write(container, path, new Blob([text]), { onlyIf: isNew ? 'new' : { etag: before.etag } });
      setBefore({ text, etag });
      setNew(false);
      setTheirs(undefined);
      tell(en.files.saved(nameOf(path)));
    } catch (problem) {
      if (isConflict(problem)) await compare(problem);
      else setFailure(problem);
    } finally {
      setBusy(false);
    }
  }

  /** The file is another one: what is in it now is shown beside, and the next save replaces just that. */
  async function compare(conflict: unknown) {
    try {
      const now = await readText(container, path);
      if (!now) return setFailure(conflict);
      setTheirs(now);
      setBefore({ text: now.text, etag: now.etag });
      setNew(false);
    } catch {
      // deleted meanwhile: saving makes it anew
      setNew(true);
      setFailure(conflict);
    }
  }

  const close = () => (changed && !readOnly ? setLeaving(true) : onClose());
  return (
    <Dialog
      title={path}
      wide
      onClose={close}
      footer={
        leaving ? (
          <>
            <span class="grow">{en.files.unsaved}</span>
            <button class="button" onClick={() => setLeaving(false)}>
              {en.files.keepEditing}
            </button>
            <button class="button danger primary" onClick={onClose}>
              {en.files.discard}
            </button>
          </>
        ) : (
          <>
            <span class="grow muted small">{before && changed && !readOnly && en.files.changed}</span>
            <button class="button" onClick={close}>
              {en.common.close}
            </button>
            {!readOnly && (
              <button class="button primary" disabled={!changed || busy} onClick={() => void save()}>
                {theirs ? en.files.overwrite : en.common.save}
              </button>
            )}
          </>
        )
      }
    >
      <div class="stack">
        {failure !== undefined && <Failure failure={failure} />}
        {binary && <p class="notice">{en.files.binary}</p>}
        {theirs && (
          <div class="notice warn stack" role="alert">
            <div class="row">
              <span class="grow">{en.files.conflict}</span>
              <button class="button small" onClick={() => take(theirs)}>
                {en.files.takeTheirs}
              </button>
            </div>
            <textarea class="editor theirs" readOnly aria-label={en.files.theirs} value={theirs.text} />
          </div>
        )}
        {before && (
          <textarea
            class="editor"
            aria-label={path}
            spellcheck={false}
            autocomplete="off"
            readOnly={readOnly}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if ((event.ctrlKey || event.metaKey) && event.key === 's') {
                event.preventDefault();
                void save();
              }
            }}
          />
        )}
        {!before && !binary && failure === undefined && <div class="empty">{en.common.loading}</div>}
        <Curl command={curl('PUT', contentUrl(container, path), undefined, nameOf(path))} />
      </div>
    </Dialog>
  );
}
