import { signal } from '@preact/signals';
import type { Container } from '../containers/store';
import type { Dropped } from './dropped';
import { isConflict, write } from './files';
import { join } from './paths';

export type UploadState = 'waiting' | 'sending' | 'done' | 'exists' | 'failed';

/** One file on its way into a container. */
export interface Uploading {
  id: number;
  container: Container;
  path: string;
  file: File;
  state: UploadState;
  sent: number;
  failure?: unknown;
}

/** They go on when another page is looked at. */
export const uploads = signal<readonly Uploading[]>([]);
/** Counts what has arrived, so that lists look again. */
export const arrived = signal(0);

const AT_ONCE = 2;
/** Milliseconds that the list stays when all has arrived. */
const SHOWN = 8_000;
const cancels = new Map<number, AbortController>();
let next = 1;

/** Sends files into a directory; what is there already is asked about. */
export function uploadInto(container: Container, directory: string, files: readonly Dropped[]): void {
  const fresh = files.map(
    ({ name, file }): Uploading => ({ id: next++, container, path: join(directory, name), file, state: 'waiting', sent: 0 }),
  );
  uploads.value = [...uploads.value.filter((each) => each.state !== 'done'), ...fresh];
  advance();
}

/** Replaces the file that is in the way, or tries again what failed. */
export function insist(id: number): void {
  const found = uploads.value.find((each) => each.id === id);
  if (found) void run(found, true);
}

export function dismiss(id: number): void {
  cancels.get(id)?.abort();
  uploads.value = uploads.value.filter((each) => each.id !== id);
  advance();
}

export function dismissAll(): void {
  for (const each of uploads.value) cancels.get(each.id)?.abort();
  uploads.value = [];
}

function advance(): void {
  const sending = uploads.value.filter((each) => each.state === 'sending').length;
  for (const each of uploads.value.filter((one) => one.state === 'waiting').slice(0, AT_ONCE - sending)) void run(each, false);
}

function change(id: number, to: Partial<Uploading>): void {
  uploads.value = uploads.value.map((each) => (each.id === id ? { ...each, ...to } : each));
}

async function run({ id, container, path, file }: Uploading, replace: boolean): Promise<void> {
  const cancel = new AbortController();
  cancels.set(id, cancel);
  change(id, { state: 'sending', sent: 0, failure: undefined });
  try {
    await write(container, path, file, {
      onlyIf: replace ? undefined : 'new',
      signal: cancel.signal,
      progress: (sent) => change(id, { sent }),
    });
    change(id, { state: 'done', sent: file.size });
    arrived.value += 1;
  } catch (failure) {
    if (!cancel.signal.aborted) change(id, isConflict(failure) ? { state: 'exists' } : { state: 'failed', failure });
  } finally {
    cancels.delete(id);
    advance();
    setTimeout(() => {
      if (uploads.value.every((each) => each.state === 'done')) uploads.value = [];
    }, SHOWN);
  }
}
