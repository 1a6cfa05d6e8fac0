import { useRef, useState } from 'preact/hooks';
import { complain } from './toasts';

interface Page<T> {
  items: readonly T[];
  next?: string;
}

export interface Pages<T> {
  /** Of all pages that were loaded; undefined until the first was. */
  items: readonly T[] | undefined;
  /** Loads one page more; undefined if there is none. */
  more: (() => void) | undefined;
  /** Forgets all pages but the first. */
  reset: () => void;
}

/**
 * A list that is read page by page, the newest first.
 *
 * @param first may be loaded again, with new items at its start; what older pages repeat of it is shown once
 */
export function usePages<T>(first: Page<T> | undefined, load: (cursor: string) => Promise<Page<T>>, keyOf: (item: T) => unknown): Pages<T> {
  const [older, setOlder] = useState<{ items: readonly T[]; next: string | undefined }>();
  const newest = first?.items;
  const known = new Set(newest?.map(keyOf));
  const next = older ? older.next : first?.next;

  // what is asked for before a reset is not wanted after it
  const resets = useRef(0);

  async function more(cursor: string) {
    const asked = resets.current;
    const page = await load(cursor);
    if (asked !== resets.current) return;
    setOlder({ items: [...(older?.items ?? newest ?? []), ...page.items], next: page.next });
  }

  return {
    items: newest && [...newest, ...(older?.items ?? []).filter((each) => !known.has(keyOf(each)))],
    more: next ? () => void more(next).catch(complain) : undefined,
    reset: () => {
      resets.current += 1;
      setOlder(undefined);
    },
  };
}
