import { useLocation } from 'preact-iso';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { curl } from '../../app/curl';
import { useResource } from '../../app/resource';
import { mayWrite } from '../../app/session';
import { complain, tell, undoable } from '../../app/toasts';
import { Confirm } from '../../components/Confirm';
import { Curl } from '../../components/Curl';
import { Failure } from '../../components/Failure';
import { Filter } from '../../components/Filter';
import { Icon } from '../../components/Icon';
import { en } from '../../text/en';
import type { Container } from '../containers/store';
import { chosenFiles, type Dropped } from './dropped';
import { Editor } from './Editor';
import { FileTable } from './FileTable';
import { archiveUrl, contentUrl, directoryCommand, EDITABLE, list, listUrl, makeDirectory, move, moveCommand, remove, removeUrl, type FileInfo } from './files';
import { NamePrompt } from './NamePrompt';
import { crumbs, join, nameOf, normal, parent, resolved } from './paths';
import { arrived, uploadInto } from './uploads';
import { useFileDrop } from './useFileDrop';

type Asking = { kind: 'directory' } | { kind: 'file' } | { kind: 'rename'; entry: FileInfo } | { kind: 'delete'; entry: FileInfo };

/** The container's files. The directory shown, and the file that is open, are in the page's address. */
export function FilesTab({ container }: { container: Container }) {
  const { query, path: page, route } = useLocation();
  const path = normal(query['path'] ?? container.workingDir ?? '/');
  const open = query['open'];
  const [asking, setAsking] = useState<Asking>();
  const [fresh, setFresh] = useState(false);
  const [text, setText] = useState('');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const input = useRef<HTMLInputElement>(null);
  const view = useResource((signal) => list(container, path, signal), [container.id, path, arrived.value]);
  const drop = useFileDrop(upload, mayWrite.value);
  const directory = view.data?.type === 'directory' && view.data.path === path ? view.data : undefined;

  useEffect(() => setText(''), [path]);
  // a link to a file, or to a link that leads to one: it is shown where it is
  useEffect(() => {
    if (view.data && view.data.path === path && view.data.type !== 'directory') go(parent(path), nameOf(path));
  }, [view.data]);

  const entries = useMemo(() => {
    const wanted = text.toLowerCase();
    return (directory?.entries ?? [])
      .filter((each) => each.name.toLowerCase().includes(wanted) && !hidden.has(join(path, each.name)))
      .sort((a, b) => Number(b.type === 'directory') - Number(a.type === 'directory') || (a.name < b.name ? -1 : 1));
  }, [directory, text, hidden]);

  function place(to: string, file?: string): string {
    return `${page}?${new URLSearchParams({ path: to, ...(file !== undefined && { open: file }) })}`;
  }

  function go(to: string, file?: string) {
    setFresh(false);
    route(place(to, file));
  }

  function upload(files: readonly Dropped[]) {
    if (files.length > 0) uploadInto(container, path, files);
  }

  function askedToDelete(entry: FileInfo) {
    if (entry.type === 'directory') return setAsking({ kind: 'delete', entry });
    const doomed = join(path, entry.name);
    const show = () => setHidden((before) => new Set([...before].filter((each) => each !== doomed)));
    setHidden((before) => new Set(before).add(doomed));
    undoable(
      en.files.deleted(entry.name),
      () =>
        void remove(container, doomed, false)
          .catch(complain)
          .finally(() => {
            view.reload();
            show();
          }),
      show,
    );
  }

  function commandOf(asked: Asking, name: string): string {
    if (asked.kind === 'rename') return moveCommand(container, join(path, asked.entry.name), resolved(path, name));
    if (asked.kind === 'directory') return directoryCommand(container, join(path, name));
    return curl('PUT', contentUrl(container, join(path, name)), undefined, name || 'file');
  }

  async function named(name: string) {
    if (asking?.kind === 'directory') {
      await makeDirectory(container, join(path, name));
      view.reload();
    } else if (asking?.kind === 'rename') {
      await move(container, join(path, asking.entry.name), resolved(path, name));
      tell(en.files.renamed(asking.entry.name, name));
      view.reload();
    } else if (asking?.kind === 'file') {
      go(path, name);
      setFresh(true);
    }
  }

  return (
    <div class={`files stack ${drop.over ? 'over-files' : ''}`} {...drop.handlers}>
      <div class="row">
        <nav class="crumbs grow" aria-label={en.files.path}>
          {crumbs(path).map((each) => (
            <a key={each.path} href={place(each.path)} aria-current={each.path === path ? 'page' : undefined}>
              {each.name}
            </a>
          ))}
        </nav>
        <button class="button icon small" aria-label={en.common.refresh} title={en.common.refresh} onClick={view.reload}>
          <Icon name="restart" />
        </button>
        {mayWrite.value && (
          <>
            <a class="button small" href={archiveUrl(container, path)} download={`${nameOf(path) || container.name}.tar`}>
              <Icon name="download" /> {en.files.archive}
            </a>
            <button class="button small" onClick={() => setAsking({ kind: 'file' })}>
              <Icon name="file" /> {en.files.newFile}
            </button>
            <button class="button small" onClick={() => setAsking({ kind: 'directory' })}>
              <Icon name="folder" /> {en.files.newDirectory}
            </button>
            <button class="button small primary" onClick={() => input.current?.click()}>
              <Icon name="upload" /> {en.files.upload}
            </button>
            <input
              ref={input}
              type="file"
              multiple
              hidden
              onChange={(event) => {
                upload(chosenFiles(event.currentTarget.files));
                event.currentTarget.value = '';
              }}
            />
          </>
        )}
      </div>
      <div class="row">
        <Filter label={en.files.filter} value={text} onInput={setText} />
        {directory && <span class="muted small">{en.files.count(entries.length)}</span>}
        {mayWrite.value && <span class="muted small wide-only">{en.files.dropHint}</span>}
      </div>
      {view.failure !== undefined && <Failure failure={view.failure} onRetry={view.reload} />}
      {directory?.truncated && <div class="notice">{en.files.truncated}</div>}
      {view.failure === undefined && !directory && <div class="empty">{en.common.loading}</div>}
      {view.failure === undefined && directory && entries.length === 0 && (
        <div class="card empty">{text ? en.common.noMatch : mayWrite.value ? en.files.empty : en.files.emptyToRead}</div>
      )}
      {view.failure === undefined && entries.length > 0 && (
        <FileTable
          container={container}
          directory={path}
          entries={entries}
          hrefOf={(entry) => hrefOf(path, entry, place)}
          onRename={(entry) => setAsking({ kind: 'rename', entry })}
          onDelete={askedToDelete}
        />
      )}
      <Curl command={curl('GET', listUrl(container, path))} />
      {open !== undefined && mayWrite.value && (
        <Editor
          key={join(path, open)}
          container={container}
          path={join(path, open)}
          fresh={fresh}
          readOnly={false}
          onClose={() => {
            go(path);
            view.reload();
          }}
        />
      )}
      {asking && asking.kind !== 'delete' && (
        <NamePrompt
          title={titles[asking.kind]}
          value={asking.kind === 'rename' ? asking.entry.name : ''}
          command={(name) => commandOf(asking, name)}
          onClose={() => setAsking(undefined)}
          onName={named}
        />
      )}
      {asking?.kind === 'delete' && (
        <Confirm
          title={en.files.deleteDirectory}
          hint={en.files.deleteHint(join(path, asking.entry.name))}
          action={en.common.delete}
          name={asking.entry.name}
          command={curl('DELETE', removeUrl(container, join(path, asking.entry.name), true))}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await remove(container, join(path, asking.entry.name), true);
            view.reload();
          }}
        />
      )}
    </div>
  );
}

const titles = { directory: en.files.newDirectory, file: en.files.newFile, rename: en.files.rename } as const;

/** Where an entry leads; undefined if it is nothing to look into here. */
function hrefOf(directory: string, entry: FileInfo, place: (path: string, file?: string) => string): string | undefined {
  const path = join(directory, entry.name);
  if (entry.type === 'directory') return place(path);
  if (entry.type === 'symlink') return place(path);
  return entry.type === 'file' && entry.size <= EDITABLE && mayWrite.value ? place(directory, entry.name) : undefined;
}
