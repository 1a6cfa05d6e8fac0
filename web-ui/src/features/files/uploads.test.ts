import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../api/problem';
import type { Container } from '../containers/store';
import { write } from './files';
import { arrived, dismiss, dismissAll, insist, uploadInto, uploads } from './uploads';

vi.mock('./files', async (original) => ({ ...(await original<typeof import('./files')>()), write: vi.fn() }));

const container = { id: 'ctr_1', name: 'web', tenant: 'default' } as Container;
const file = (name: string) => ({ name, file: new File(['x'], name) });
const states = () => uploads.value.map((each) => each.state);
const settled = () => new Promise((wake) => setTimeout(wake, 0));

function conflict(): Problem {
  return new Problem({ type: '', title: '', status: 412, detail: '', code: 'precondition-failed', retryable: false });
}

describe('uploads', () => {
  beforeEach(() => {
    dismissAll();
    vi.mocked(write).mockReset();
  });

  it('sends two at once, the others after them', async () => {
    const ends: (() => void)[] = [];
    vi.mocked(write).mockImplementation(() => new Promise((resolve) => ends.push(() => resolve(''))));
    uploadInto(container, '/srv', [file('a'), file('b'), file('c')]);
    expect(states()).toEqual(['sending', 'sending', 'waiting']);
    ends[0]!();
    await settled();
    expect(states()).toEqual(['done', 'sending', 'sending']);
  });

  it('asks before it replaces what is there', async () => {
    vi.mocked(write).mockRejectedValueOnce(conflict()).mockResolvedValue('');
    const before = arrived.value;
    uploadInto(container, '/srv', [file('a')]);
    await settled();
    expect(states()).toEqual(['exists']);
    expect(vi.mocked(write).mock.lastCall![3]).toMatchObject({ onlyIf: 'new' });
    insist(uploads.value[0]!.id);
    await settled();
    expect(states()).toEqual(['done']);
    expect(vi.mocked(write).mock.lastCall![3]).toMatchObject({ onlyIf: undefined });
    expect(arrived.value).toBe(before + 1);
  });

  it('keeps what failed, and goes on with the others', async () => {
    vi.mocked(write).mockRejectedValueOnce(new Error('no room')).mockResolvedValue('');
    uploadInto(container, '/srv', [file('a'), file('dir/b')]);
    await settled();
    expect(states()).toEqual(['failed', 'done']);
    expect(uploads.value[1]!.path).toBe('/srv/dir/b');
  });

  it('forgets what is cancelled', async () => {
    let signal: AbortSignal | undefined;
    vi.mocked(write).mockImplementation((_, __, ___, options) => {
      signal = options?.signal;
      return new Promise((_, reject) => signal!.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))));
    });
    uploadInto(container, '/srv', [file('a')]);
    dismiss(uploads.value[0]!.id);
    await settled();
    expect(signal?.aborted).toBe(true);
    expect(uploads.value).toEqual([]);
  });
});
