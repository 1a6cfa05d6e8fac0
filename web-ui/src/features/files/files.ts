import { api, send, upload, url } from '../../api/client';
import { Problem } from '../../api/problem';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import type { Container } from '../containers/store';

export type FileView = components['schemas']['FileView'];
export type FileInfo = components['schemas']['FileInfo'];

const FILES = '/api/v1/tenants/{tenant}/containers/{container}/files';
const CONTENT = `${FILES}/content` as const;
const ARCHIVE = '/api/v1/tenants/{tenant}/containers/{container}/archive';

/** Larger files are not opened in a page. */
export const EDITABLE = 1024 * 1024;

function of(container: Container) {
  return { tenant: container.tenant, container: container.id };
}

export function list(container: Container, path: string, signal: AbortSignal): Promise<FileView> {
  return api.get(FILES, { path: of(container), query: { path }, signal });
}

export function listUrl(container: Container, path: string): string {
  return url(FILES, { tenant: container.tenant, container: container.name }, { path });
}

export function contentUrl(container: Container, path: string): string {
  return url(CONTENT, of(container), { path });
}

export function archiveUrl(container: Container, path: string): string {
  return url(ARCHIVE, of(container), { path });
}

export interface Text {
  text: string;
  etag: string;
}

/** A file as text; undefined if it is none. */
export async function readText(container: Container, path: string, signal?: AbortSignal): Promise<Text | undefined> {
  const response = await send(contentUrl(container, path), { cache: 'no-store', ...(signal && { signal }) });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.includes(0)) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, etag: response.headers.get('ETag') ?? '' };
  } catch {
    return undefined;
  }
}

export interface Write {
  /** What may be replaced: the file with this tag, nothing at all, or whatever is there. */
  onlyIf?: { etag: string } | 'new' | undefined;
  signal?: AbortSignal;
  progress?: (sent: number) => void;
}

/** Writes a file, whole or not at all; returns its new tag. */
export async function write(container: Container, path: string, body: Blob, { onlyIf, signal, progress }: Write = {}): Promise<string> {
  const headers: Record<string, string> = { 'Content-Type': 'application/octet-stream', Accept: 'application/json' };
  if (onlyIf === 'new') headers['If-None-Match'] = '*';
  else if (onlyIf) headers['If-Match'] = onlyIf.etag;
  const response = await upload(url(CONTENT, of(container), { path, parents: true }), {
    method: 'PUT',
    headers,
    body,
    ...(signal && { signal }),
    ...(progress && { progress }),
  });
  return response.headers.get('ETag') ?? '';
}

/** Whether it was refused because the file is another one by now, or there already. */
export function isConflict(failure: unknown): boolean {
  return failure instanceof Problem && failure.document.status === 412;
}

const directory = (path: string) => ({ path, mode: '0755', parents: false });
const moving = (from: string, to: string) => ({ from, to, overwrite: false });

export function makeDirectory(container: Container, path: string): Promise<unknown> {
  return api.post(`${FILES}/directories`, { path: of(container), body: directory(path) });
}

export function directoryCommand(container: Container, path: string): string {
  return curl('POST', url(`${FILES}/directories`, of(container)), directory(path));
}

export function move(container: Container, from: string, to: string): Promise<unknown> {
  return api.post(`${FILES}/moves`, { path: of(container), body: moving(from, to) });
}

export function moveCommand(container: Container, from: string, to: string): string {
  return curl('POST', url(`${FILES}/moves`, of(container)), moving(from, to));
}

export function removeUrl(container: Container, path: string, recursive: boolean): string {
  return url(FILES, of(container), { path, recursive });
}

/** Goes on when the page is left meanwhile. */
export function remove(container: Container, path: string, recursive: boolean): Promise<unknown> {
  return send(removeUrl(container, path, recursive), { method: 'DELETE', headers: { Accept: 'application/json' }, keepalive: true });
}
