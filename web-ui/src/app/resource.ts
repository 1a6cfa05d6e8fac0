import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Resource<T> {
  data: T | undefined;
  failure: unknown;
  loading: boolean;
  reload: () => void;
  set: (update: (data: T) => T) => void;
}

/** Loads something when its dependencies change; what is shown stays while it is loaded again. */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, dependencies: readonly unknown[]): Resource<T> {
  const [data, setData] = useState<T>();
  const [failure, setFailure] = useState<unknown>();
  const [loading, setLoading] = useState(true);
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  useEffect(() => {
    const abort = new AbortController();
    setLoading(true);
    latest
      .current(abort.signal)
      .then((loaded) => {
        if (abort.signal.aborted) return;
        setData(loaded);
        setFailure(undefined);
        setLoading(false);
      })
      .catch((problem: unknown) => {
        if (abort.signal.aborted) return;
        setFailure(problem);
        setLoading(false);
      });
    return () => abort.abort();
  }, [...dependencies, round]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  const set = useCallback(
    (update: (data: T) => T) => setData((before) => (before === undefined ? before : update(before))),
    [],
  );
  return { data, failure, loading, reload, set };
}

/** Calls back every so often while the page is looked at. */
export function useInterval(callback: () => void, milliseconds: number): void {
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && latest.current(), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}
