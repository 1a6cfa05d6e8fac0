import { useEffect, useRef, useState } from 'preact/hooks';
import { curl } from '../../app/curl';
import { complain, tell } from '../../app/toasts';
import { Curl } from '../../components/Curl';
import { Dialog } from '../../components/Dialog';
import { Icon } from '../../components/Icon';
import { en } from '../../text/en';
import { act } from '../containers/actions';
import type { Container } from '../containers/store';
import type { Dropped } from '../files/dropped';
import { NamePrompt } from '../files/NamePrompt';
import { normal } from '../files/paths';
import { uploadInto } from '../files/uploads';
import { Keys } from './Keys';
import { arranged, keep, kept, MAIN, type Arranged } from './layout';
import { attachPath, endSession, execPath, openSessions, openShell } from './sessions';
import { Terminal, type TerminalHandle } from './Terminal';

interface Tab extends Arranged {
  title: string;
}

const FONT_KEY = 'berth.terminal.font';

export function TerminalTabs({ container }: { container: Container }) {
  const [tabs, setTabs] = useState<Tab[]>();
  const [at, setAt] = useState(0);
  const [pane, setPane] = useState(0);
  const [fontSize, setFontSize] = useState(Number(localStorage.getItem(FONT_KEY)) || 14);
  const [ending, setEnding] = useState<number>();
  const [held, setHeld] = useState(false);
  const [dropped, setDropped] = useState<readonly Dropped[]>([]);
  const opened = useRef(0);
  const fresh = useRef(new Set<string>());
  const frame = useRef<HTMLDivElement>(null);
  const handles = useRef(new Map<string, TerminalHandle>());

  useEffect(() => {
    const abort = new AbortController();
    openSessions(container, abort.signal)
      .then(async (sessions) => {
        if (sessions.length === 0 && container.state === 'running') sessions = [await shell()];
        const open = sessions.map((each) => each.id);
        if (!abort.signal.aborted) setTabs(arranged(kept(container.id), open).map(titled));
      })
      .catch((failure: unknown) => {
        if (abort.signal.aborted) return;
        complain(failure);
        setTabs([]);
      });
    return () => abort.abort();
  }, [container.id]);

  useEffect(() => localStorage.setItem(FONT_KEY, String(fontSize)), [fontSize]);

  useEffect(() => {
    if (tabs) keep(container.id, tabs);
  }, [tabs]);

  function titled(arrangement: Arranged): Tab {
    const main = arrangement.panes[0] === MAIN;
    if (!main) opened.current += 1;
    return { ...arrangement, title: main ? en.terminal.main : en.terminal.session(opened.current) };
  }

  function tab(id: string): Tab {
    return titled({ panes: [id], direction: 'right' });
  }

  async function shell() {
    const session = await openShell(container);
    fresh.current.add(session.id);
    return session;
  }

  const all = tabs ?? [];
  const current = all[at];
  const handle = () => handles.current.get(current?.panes[pane] ?? '');

  async function open() {
    try {
      const session = await shell();
      setTabs([...all, tab(session.id)]);
      setAt(all.length);
      setPane(0);
    } catch (failure) {
      complain(failure);
    }
  }

  async function split(direction: Tab['direction']) {
    if (!current) return;
    try {
      const session = await shell();
      setTabs(all.map((each, index) => (index === at ? { ...each, direction, panes: [...each.panes, session.id] } : each)));
      setPane(current.panes.length);
    } catch (failure) {
      complain(failure);
    }
  }

  function drop(index: number) {
    setTabs(all.filter((_, other) => other !== index));
    setAt(Math.max(0, at >= index ? at - 1 : at));
    setPane(0);
  }

  /** A new shell in the place of one that ended. */
  async function again(id: string) {
    try {
      if (container.state !== 'running') await act('start', container);
      const session = await shell();
      setTabs(all.map((each) => ({ ...each, panes: each.panes.map((other) => (other === id ? session.id : other)) })));
    } catch (failure) {
      complain(failure);
    }
  }

  function take(files: readonly Dropped[], directory: string | undefined) {
    if (directory === undefined) return setDropped(files);
    uploadInto(container, directory, files);
    tell(en.terminal.uploading(directory));
  }

  if (!tabs) return <div class="terminals" />;
  return (
    <div class="terminals" ref={frame}>
      <div class="terminal-bar" role="toolbar" aria-label={en.terminal.screen}>
        {all.map((each, index) => (
          <div key={each.panes[0]} class="terminal-tab" data-selected={index === at}>
            <button
              aria-pressed={index === at}
              onClick={() => {
                setAt(index);
                setPane(0);
              }}
            >
              {each.title}
            </button>
            <button aria-label={`${en.terminal.closeTab} ${each.title}`} onClick={() => (each.panes[0] === MAIN ? drop(index) : setEnding(index))}>
              <Icon name="x" size={13} />
            </button>
          </div>
        ))}
        <button class="button small" disabled={container.state !== 'running'} onClick={() => void open()}>
          <Icon name="plus" /> {en.terminal.newTab}
        </button>
        {container.tty && !all.some((each) => each.panes[0] === MAIN) && (
          <button
            class="button small"
            onClick={() => {
              setTabs([...all, tab(MAIN)]);
              setAt(all.length);
            }}
          >
            {en.terminal.main}
          </button>
        )}
        <span class="grow" />
        <Tool icon="search" label={`${en.terminal.find} (ctrl shift f)`} onClick={() => handle()?.find()} />
        <Tool icon="splitRight" label={en.terminal.splitRight} onClick={() => void split('right')} />
        <Tool icon="splitDown" label={en.terminal.splitDown} onClick={() => void split('down')} />
        <Tool icon="eye" label={en.terminal.watchOnly} onClick={() => handle()?.watchOnly()} />
        <button class="button small" aria-label={en.terminal.smaller} onClick={() => setFontSize(Math.max(8, fontSize - 1))}>
          A−
        </button>
        <button class="button small" aria-label={en.terminal.larger} onClick={() => setFontSize(Math.min(32, fontSize + 1))}>
          A+
        </button>
        <Tool
          icon="expand"
          label={en.terminal.fullScreen}
          onClick={() => void (document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen())}
        />
      </div>
      {all.length === 0 && <NoShell container={container} onOpen={() => void open()} />}
      {all.map((each, index) => (
        <div key={each.panes[0]} class={`terminal-panes ${each.direction}`} hidden={index !== at}>
          {each.panes.map((id, number) => (
            <div key={id} class="terminal-slot" onFocusCapture={() => setPane(number)}>
              <Terminal
                fresh={fresh.current.has(id)}
                path={attachPath(container, id === MAIN ? undefined : id)}
                label={`${each.title}, ${container.name}`}
                fontSize={fontSize}
                active={index === at && number === pane}
                control={{ held, release: () => setHeld(false) }}
                onReady={(ready) => handles.current.set(id, ready)}
                onFiles={take}
                onAgain={() => void again(id)}
                againLabel={container.state === 'running' ? en.terminal.again : en.terminal.restart}
              />
            </div>
          ))}
        </div>
      ))}
      <Keys held={held} onHold={setHeld} onKey={(text) => handle()?.type(text)} onDone={() => handle()?.focus()} />
      {dropped.length > 0 && (
        <NamePrompt
          title={en.terminal.uploadTitle}
          label={en.files.path}
          hint={en.terminal.uploadHint}
          value={container.workingDir ?? '/'}
          onClose={() => setDropped([])}
          onName={async (directory) => uploadInto(container, normal(directory), dropped)}
        />
      )}
      {ending !== undefined && all[ending] && (
        <Dialog
          title={en.terminal.endSession}
          onClose={() => setEnding(undefined)}
          footer={
            <>
              <button
                class="button"
                onClick={() => {
                  drop(ending);
                  setEnding(undefined);
                }}
              >
                {en.terminal.leave}
              </button>
              <button
                class="button danger primary"
                onClick={() => {
                  for (const id of all[ending]!.panes) endSession(container, id).catch(complain);
                  drop(ending);
                  setEnding(undefined);
                }}
              >
                {en.terminal.end}
              </button>
            </>
          }
        >
          <p>{en.terminal.endSessionHint}</p>
          <Curl command={all[ending].panes.map((id) => curl('DELETE', execPath(container, id))).join('\n')} />
        </Dialog>
      )}
    </div>
  );
}

function Tool({ icon, label, onClick }: { icon: 'search' | 'splitRight' | 'splitDown' | 'eye' | 'expand'; label: string; onClick: () => void }) {
  return (
    <button class="button icon small" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}

function NoShell({ container, onOpen }: { container: Container; onOpen: () => void }) {
  const running = container.state === 'running';
  return (
    <div class="empty">
      <h2>{running ? en.terminal.noShell : en.terminal.stopped}</h2>
      <p>{running ? en.terminal.noShellHint : en.terminal.stoppedHint}</p>
      <div class="row">
        {running ? (
          <button class="button primary" onClick={onOpen}>
            {en.terminal.newTab}
          </button>
        ) : (
          <button class="button primary" onClick={() => act('start', container).catch(complain)}>
            {en.containers.start}
          </button>
        )}
      </div>
    </div>
  );
}
