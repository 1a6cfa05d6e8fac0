interface Handlers {
  open?: () => void;
  /** Messages of the name `event`; without one, those that have none. Others are listened to on the source that `made` is given. */
  message?: (data: string) => void;
  event?: string;
  made?: (source: EventSource) => void;
  lost?: () => void;
}

const RETRY = 3_000;

/**
 * Follows a stream of events until what it returns is called. A browser comes back by itself after a lost connection, but gives up for
 * good when it is refused once, as while a session has ended: then it is opened anew, so the address is asked for each time.
 */
export function followStream(address: () => string, handlers: Handlers): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  function connect(): void {
    const made = new EventSource(address());
    source = made;
    made.onopen = () => handlers.open?.();
    made.addEventListener(handlers.event ?? 'message', (message: MessageEvent<string>) => handlers.message?.(message.data));
    made.onerror = () => {
      handlers.lost?.();
      if (!stopped && made.readyState === EventSource.CLOSED) timer = setTimeout(connect, RETRY);
    };
    handlers.made?.(made);
  }

  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
  };
}
