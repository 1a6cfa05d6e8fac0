import { bytes, dateTime } from '../../app/format';
import { mayWrite } from '../../app/session';
import { Icon } from '../../components/Icon';
import { VirtualTable } from '../../components/VirtualTable';
import { en } from '../../text/en';
import type { Container } from '../containers/store';
import { archiveUrl, contentUrl, type FileInfo } from './files';
import { join, permissions } from './paths';

interface Props {
  container: Container;
  directory: string;
  entries: readonly FileInfo[];
  hrefOf: (entry: FileInfo) => string | undefined;
  onRename: (entry: FileInfo) => void;
  onDelete: (entry: FileInfo) => void;
}

const ROW = 45;

export function FileTable({ container, directory, entries, hrefOf, onRename, onDelete }: Props) {
  const writable = mayWrite.value;
  const head = (
    <tr>
      <th>{en.files.name}</th>
      <th class="right">{en.files.size}</th>
      <th class="wide-only">{en.files.mode}</th>
      <th class="wide-only">{en.files.owner}</th>
      <th class="wide-only">{en.files.modified}</th>
      <th>
        <span class="visually-hidden">{en.common.actions}</span>
      </th>
    </tr>
  );

  const row = (entry: FileInfo) => {
    const path = join(directory, entry.name);
    const href = hrefOf(entry);
    const download = entry.type === 'file' ? contentUrl(container, path) : entry.type === 'directory' ? archiveUrl(container, path) : undefined;
    return (
      <tr key={entry.name}>
        <td class="ellipsis file-name">
          <Icon name={entry.type === 'directory' ? 'folder' : 'file'} /> {href ? <a href={href}>{entry.name}</a> : entry.name}
          {entry.linkTarget !== undefined && <span class="muted"> → {entry.linkTarget}</span>}
          {!['file', 'directory', 'symlink'].includes(entry.type) && <span class="muted"> ({entry.type})</span>}
        </td>
        <td class="right">{entry.type === 'file' ? bytes(entry.size) : ''}</td>
        <td class="wide-only mono muted" title={entry.mode}>
          {permissions(entry.mode)}
        </td>
        <td class="wide-only muted">
          {entry.uid}:{entry.gid}
        </td>
        <td class="wide-only muted">{dateTime(entry.modifiedAt)}</td>
        <td class="right">
          {writable && (
            <div class="row nowrap">
              {download && (
                <a
                  class="button quiet icon small"
                  href={download}
                  download={entry.type === 'directory' ? `${entry.name}.tar` : entry.name}
                  title={en.common.download}
                  aria-label={`${en.common.download} ${entry.name}`}
                >
                  <Icon name="download" />
                </a>
              )}
              <button class="button quiet icon small" title={en.files.rename} aria-label={`${en.files.rename} ${entry.name}`} onClick={() => onRename(entry)}>
                <Icon name="edit" />
              </button>
              <button class="button quiet icon small" title={en.common.delete} aria-label={`${en.common.delete} ${entry.name}`} onClick={() => onDelete(entry)}>
                <Icon name="trash" />
              </button>
            </div>
          )}
        </td>
      </tr>
    );
  };

  return <VirtualTable items={entries} rowHeight={ROW} head={head} row={row} label={en.containers.files} columns={6} />;
}
