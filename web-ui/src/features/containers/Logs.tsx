import { memo } from 'preact/compat';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { url } from '../../api/client';
import type { components } from '../../api/schema';
import { followStream } from '../../api/stream';
import { curl } from '../../app/curl';
import { Curl } from '../../components/Curl';
import { Filter } from '../../components/Filter';
import { Icon } from '../../components/Icon';
import { en } from '../../text/en';
import { plain, runs } from './ansi';
import type { Container } from './store';

type LogLine = components['schemas']['LogLine'];

const SHOWN = 5_000;
const LOGS = '/api/v1/tenants/{tenant}/containers/{container}/logs';

interface Line {
  key: string;
  at: string;
  stream: 'stdout' | 'stderr';
  text: string;
}

export function Logs({ container }: { container: Container }) {
  const [lines, setLines] = useState<Line[]>([]);
  const [dropped, setDropped] = useState(0);
  const [follow, setFollow] = useState(true);
  const [wrap, setWrap] = useState(true);
  const [times, setTimes] = useState(false);
  const [query, setQuery] = useState('');
  const [ended, setEnded] = useState(false);
  const box = useRef<HTMLPreElement>(null);
  /** Where the stream goes on when the container's state has changed. */
  const last = useRef<string>();
  const path = { tenant: container.tenant, container: container.id };
  const base = url(LOGS, path);

  useEffect(() => {
    let waiting: Line[] = [];
    let frame = 0;
    // many lines arrive at once: they are shown once a frame
    const show = () => {
      frame = 0;
      const fresh = waiting;
      waiting = [];
      setLines((known) => {
        const all = [...known, ...fresh];
        const over = all.length - SHOWN;
        if (over > 0) setDropped((before) => before + over);
        return over > 0 ? all.slice(over) : all;
      });
    };
    const address = () =>
      url(LOGS, path, { follow: true, ...(last.current === undefined ? { tail: SHOWN } : { cursor: last.current }) });
    const stop = followStream(address, {
      event: 'log',
      message: (data) => {
        const line = JSON.parse(data) as LogLine;
        last.current = line.cursor;
        waiting.push({ key: line.cursor, at: line.at, stream: line.stream, text: text(line) });
        frame ||= requestAnimationFrame(show);
      },
      lost: () => {
        // the container has ended and everything was read; a running one's stream comes back by itself
        if (container.state === 'running') return;
        setEnded(true);
        stop();
      },
    });
    setEnded(false);
    return () => {
      cancelAnimationFrame(frame);
      if (waiting.length > 0) show();
      stop();
    };
  }, [container.id, container.state]);

  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, follow, query]);

  const wanted = query.toLowerCase();
  const shown = useMemo(() => (wanted ? lines.filter((line) => plain(line.text).toLowerCase().includes(wanted)) : lines), [lines, wanted]);

  return (
    <>
      <section class="card">
        <header class="row">
          <Filter grow label={en.logs.search} value={query} onInput={setQuery} />
          <span class="muted small">{en.logs.matches(shown.length)}</span>
          <Toggle label={en.logs.follow} on={follow} onChange={setFollow} />
          <Toggle label={en.logs.wrap} on={wrap} onChange={setWrap} />
          <Toggle label={en.logs.times} on={times} onChange={setTimes} />
          <a class="button small" href={base} download={`${container.name}.log`}>
            <Icon name="download" /> {en.common.download}
          </a>
        </header>
        {dropped > 0 && <div class="notice small">{en.logs.dropped(dropped)}</div>}
        <pre
          ref={box}
          class={`log ${wrap ? 'wrap' : ''}`}
          tabIndex={0}
          aria-label={en.containers.logs}
          onScroll={(event) => {
            const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
            setFollow(scrollHeight - scrollTop - clientHeight < 30);
          }}
        >
          {lines.length === 0 ? <span class="muted">{en.logs.empty}</span> : shown.map((line) => <Row key={line.key} line={line} times={times} />)}
          {ended && <div class="muted">{en.logs.ended}</div>}
        </pre>
      </section>
      <Curl command={curl('GET', url(LOGS, { tenant: container.tenant, container: container.name }, { follow: true }))} />
    </>
  );
}

const Row = memo(function Row({ line, times }: { line: Line; times: boolean }) {
  return (
    <div class={line.stream === 'stderr' ? 'stderr' : ''}>
      {times && <span class="muted">{line.at.slice(11, 23)} </span>}
      {runs(line.text).map((run, index) =>
        run.className ? (
          <span key={index} class={run.className}>
            {run.text}
          </span>
        ) : (
          run.text
        ),
      )}
      {'\n'}
    </div>
  );
});

function text(line: LogLine): string {
  if (line.encoding !== 'base64') return line.text;
  const bytes = Uint8Array.from(atob(line.text), (each) => each.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

function Toggle({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="row small">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} /> {label}
    </label>
  );
}
