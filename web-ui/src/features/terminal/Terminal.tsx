import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal as Xterm } from '@xterm/xterm';
import { useEffect, useRef, useState } from 'preact/hooks';
import { copy } from '../../components/CopyButton';
import { Icon } from '../../components/Icon';
import { bytes } from '../../app/format';
import { expired, sessionEnded } from '../../app/session';
import { en } from '../../text/en';
import type { Dropped } from '../files/dropped';
import { reportedDirectory } from '../files/paths';
import { useFileDrop } from '../files/useFileDrop';
import { Connection, type State } from './connection';
import { People } from './People';
import { ALONE } from './presence';
import type { Role } from './protocol';
import { Status } from './Status';
import { strictDocument } from './strictDocument';
import '../../styles/terminal.css';

const FONT = "ui-monospace, 'Cascadia Mono', 'SF Mono', Menlo, 'DejaVu Sans Mono', 'Liberation Mono', monospace";
const COLOURS = {
  background: '#0b0f13',
  foreground: '#e6edf2',
  cursor: '#4cc2e8',
  selectionBackground: '#4cc2e855',
  black: '#1b252e',
  brightBlack: '#7b8d9a',
  blue: '#5aa9f0',
  brightBlue: '#8cc6ff',
};

interface Props {
  /** Path of the attach endpoint. */
  path: string;
  /** The session was started for this terminal. */
  fresh: boolean;
  label: string;
  fontSize: number;
  active: boolean;
  /** Control is held down on the row of keys. */
  control: { held: boolean; release: () => void };
  onReady: (handle: TerminalHandle) => void;
  /** Files were dropped here; the directory is the shell's, if it tells where it is. */
  onFiles: (files: readonly Dropped[], directory: string | undefined) => void;
  onAgain: (() => void) | undefined;
  againLabel: string;
}

/** What the bars around a terminal may do with it. */
export interface TerminalHandle {
  type(text: string): void;
  focus(): void;
  find(): void;
  watchOnly(): void;
}

export function Terminal({ path, fresh, label, fontSize, active, control, onReady, onFiles, onAgain, againLabel }: Props) {
  const screen = useRef<HTMLDivElement>(null);
  const shown = useRef<{ xterm: Xterm; fit: FitAddon; search: SearchAddon; connection: Connection }>();
  const controlRef = useRef(control);
  controlRef.current = control;
  const [state, setState] = useState<State>({ kind: 'connecting', attempt: 0 });
  const [role, setRole] = useState<Role>('writer');
  const [presence, setPresence] = useState(ALONE);
  const [finding, setFinding] = useState(false);
  const directory = useRef<string>();
  const drop = useFileDrop((files) => onFiles(files, directory.current), state.kind === 'open');

  useEffect(() => {
    const element = screen.current!;
    const xterm = new Xterm({
      allowProposedApi: true,
      documentOverride: strictDocument(),
      cursorBlink: true,
      fontFamily: FONT,
      fontSize,
      scrollback: 10_000,
      theme: COLOURS,
      macOptionIsMeta: true,
      rightClickSelectsWord: true,
    });
    const fit = new FitAddon();
    const search = new SearchAddon();
    xterm.loadAddon(fit);
    xterm.loadAddon(search);
    xterm.loadAddon(new WebLinksAddon((_, address) => window.open(address, '_blank', 'noopener,noreferrer')));
    xterm.loadAddon(new Unicode11Addon());
    xterm.unicode.activeVersion = '11';
    xterm.open(element);
    accelerate(xterm);

    const connection = new Connection(
      { path, fresh },
      {
        output: (data, done) => xterm.write(data, done),
        lost: (count) => xterm.write(`\x1b[0;33m${en.terminal.lost(bytes(count))}\x1b[0m\r\n`),
        state: (now) => {
          setState(now);
          if (now.kind === 'closed' && now.reason === 'signin') sessionEnded();
        },
        role: setRole,
        presence: setPresence,
      },
    );
    xterm.parser.registerOscHandler(7, (report) => {
      directory.current = reportedDirectory(report) ?? directory.current;
      return true;
    });
    xterm.onData((data) => connection.type(controlled(data)));
    xterm.onBinary((data) => connection.typeBinary(data));
    xterm.onResize(({ cols, rows }) => connection.resize(cols, rows));
    xterm.attachCustomKeyEventHandler((event) => keys(event, xterm, () => setFinding(true)));
    function controlled(data: string): string {
      const { held, release } = controlRef.current;
      if (!held || data.length !== 1) return data;
      release();
      return String.fromCharCode(data.toUpperCase().charCodeAt(0) & 31);
    }

    fit.fit();
    connection.resize(xterm.cols, xterm.rows);
    connection.start();
    shown.current = { xterm, fit, search, connection };
    onReady({
      type: (text) => connection.type(text),
      focus: () => xterm.focus(),
      find: () => setFinding(true),
      watchOnly: () => connection.watchOnly(),
    });

    const observer = new ResizeObserver(() => element.offsetWidth > 0 && fit.fit());
    observer.observe(element);
    const online = () => connection.retryNow();
    addEventListener('online', online);
    return () => {
      removeEventListener('online', online);
      observer.disconnect();
      connection.stop();
      xterm.dispose();
    };
  }, [path]);

  useEffect(() => {
    const now = shown.current;
    if (!now) return;
    now.xterm.options.fontSize = fontSize;
    now.fit.fit();
  }, [fontSize]);

  useEffect(() => {
    if (active) shown.current?.xterm.focus();
  }, [active]);

  // signed in again: the shell goes on where it was
  useEffect(() => {
    if (!expired.value) shown.current?.connection.retryNow();
  }, [expired.value]);

  return (
    <div class="terminal-pane" aria-label={label} data-state={state.kind} {...drop.handlers}>
      <div class="screen" ref={screen} />
      {drop.over && <div class="terminal-drop">{en.terminal.dropFiles}</div>}
      {finding && shown.current && (
        <Find
          search={shown.current.search}
          onClose={() => {
            setFinding(false);
            shown.current?.xterm.focus();
          }}
        />
      )}
      {state.kind === 'open' && <People presence={presence} />}
      <Status
        state={state}
        role={role}
        presence={presence}
        onTakeOver={() => shown.current?.connection.takeOver()}
        onRetry={() => shown.current?.connection.retryNow()}
        onAgain={onAgain}
        againLabel={againLabel}
      />
    </div>
  );
}

/** Draws with WebGL where there is one; a lost context falls back to the DOM. */
function accelerate(xterm: Xterm): void {
  try {
    const webgl = new WebglAddon();
    webgl.onContextLoss(() => webgl.dispose());
    xterm.loadAddon(webgl);
  } catch {
    // no WebGL here: the DOM renderer does
  }
}

/** Copy and paste as people expect: ctrl-c copies if there is a selection and interrupts if there is none. */
function keys(event: KeyboardEvent, xterm: Xterm, find: () => void): boolean {
  if (event.type !== 'keydown' || !(event.ctrlKey || event.metaKey)) return true;
  const key = event.key.toLowerCase();
  const copies = key === 'c' && (event.shiftKey || event.metaKey || xterm.hasSelection());
  if (copies && xterm.hasSelection()) {
    void copy(xterm.getSelection());
    xterm.clearSelection();
    event.preventDefault();
    return false;
  }
  // the browser pastes into xterm.js's own text area, which knows bracketed paste
  if (key === 'v' && (event.shiftKey || event.metaKey || event.ctrlKey)) return false;
  if (key === 'f' && event.shiftKey) {
    event.preventDefault();
    find();
    return false;
  }
  return true;
}

function Find({ search, onClose }: { search: SearchAddon; onClose: () => void }) {
  const [text, setText] = useState('');
  const next = () => search.findNext(text);
  const previous = () => search.findPrevious(text);
  return (
    <form
      class="terminal-find"
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <input
        ref={(input) => input?.focus()}
        aria-label={en.terminal.find}
        placeholder={en.terminal.find}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          search.findNext(event.currentTarget.value, { incremental: true });
        }}
      />
      <button type="button" class="button small" onClick={previous}>
        {en.terminal.previous}
      </button>
      <button type="submit" class="button small">
        {en.terminal.next}
      </button>
      <button type="button" class="button icon small" aria-label={en.common.close} onClick={onClose}>
        <Icon name="x" />
      </button>
    </form>
  );
}
