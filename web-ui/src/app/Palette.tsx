import { useLocation } from 'preact-iso';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { copy } from '../components/CopyButton';
import { Icon, type IconName } from '../components/Icon';
import { act, actions, isPossible, type Action } from '../features/containers/actions';
import { listed } from '../features/containers/store';
import { en } from '../text/en';
import { mayWrite, sharedLink, switchTenant, tenant, tenants } from './session';
import { places } from './Shell';
import { toggleTheme } from './theme';
import { complain, tell } from './toasts';

interface Entry {
  label: string;
  hint: string;
  icon: IconName;
  run: () => void;
}

/** What needs no confirmation. */
const ACTIONS: readonly Action[] = ['start', 'resume', 'pause', 'stop', 'restart'];

/** Everything by keyboard: pages, containers, tenants, actions. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { route } = useLocation();
  const [query, setQuery] = useState('');
  const [selected, setSelected] = useState(0);
  const list = useRef<HTMLUListElement>(null);

  const found = useMemo(() => {
    const { tenant: own, platform } = places();
    const entries: Entry[] = [
      ...[...own, ...platform].map((place) => ({
        label: place.label,
        hint: '',
        icon: place.icon,
        run: () => route(place.path),
      })),
      { label: en.containers.create, hint: '', icon: 'plus', run: () => route('/containers?new') },
      { label: en.common.copyLink, hint: '', icon: 'copy', run: () => void copy(sharedLink()).then(() => tell(en.common.copied)) },
      ...listed.value.flatMap((container): Entry[] => [
        { label: container.name, hint: container.image, icon: 'box', run: () => route(`/containers/${container.name}`) },
        {
          label: `${en.containers.shell}: ${container.name}`,
          hint: container.state,
          icon: 'terminal',
          run: () => route(`/containers/${container.name}/terminal`),
        },
        ...(['logs', 'files', 'events'] as const).map(
          (tab): Entry => ({
            label: `${en.containers[tab]}: ${container.name}`,
            hint: container.state,
            icon: tab === 'files' ? 'folder' : tab === 'logs' ? 'file' : 'bell',
            run: () => route(`/containers/${container.name}/${tab}`),
          }),
        ),
        ...ACTIONS.filter((action) => mayWrite.value && isPossible(action, container)).map(
          (action): Entry => ({
            label: `${actions[action].label}: ${container.name}`,
            hint: container.state,
            icon: actions[action].icon,
            run: () => act(action, container).then(() => tell(`${actions[action].label}: ${container.name}`), complain),
          }),
        ),
      ]),
      ...tenants.value
        .filter((each) => each.tenant !== tenant.value)
        .map((each): Entry => ({ label: each.tenant, hint: en.nav.tenant, icon: 'building', run: () => switchTenant(each.tenant) })),
      { label: en.common.light + ' / ' + en.common.dark, hint: '', icon: 'sun', run: toggleTheme },
    ];
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return entries.filter((each) => words.every((word) => each.label.toLowerCase().includes(word))).slice(0, 50);
  }, [query]);

  useEffect(() => setSelected(0), [query]);
  useEffect(() => list.current?.children[selected]?.scrollIntoView({ block: 'nearest' }), [selected]);

  function choose(entry: Entry | undefined) {
    if (!entry) return;
    onClose();
    entry.run();
  }

  return (
    <div class="over" onMouseDown={(event) => event.target === event.currentTarget && onClose()}>
      <div class="dialog palette" role="dialog" aria-modal="true" aria-label={en.common.goTo}>
        <input
          ref={(input) => input?.focus()}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found.length > 0 ? `palette-${selected}` : undefined}
          aria-label={en.common.goTo}
          placeholder={en.common.goTo}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onClose();
            else if (event.key === 'ArrowDown') setSelected(Math.min(selected + 1, found.length - 1));
            else if (event.key === 'ArrowUp') setSelected(Math.max(selected - 1, 0));
            else if (event.key === 'Enter') choose(found[selected]);
            else return;
            event.preventDefault();
          }}
        />
        <ul id="palette-list" role="listbox" aria-label={en.common.goTo} ref={list}>
          {found.map((entry, index) => (
            <li
              key={`${entry.label} ${entry.hint}`}
              id={`palette-${index}`}
              role="option"
              aria-selected={index === selected}
              onMouseMove={() => setSelected(index)}
              onClick={() => choose(entry)}
            >
              <Icon name={entry.icon} size={18} />
              <span class="grow ellipsis">{entry.label}</span>
              <span class="muted small ellipsis">{entry.hint}</span>
            </li>
          ))}
        </ul>
        {found.length === 0 && <div class="empty">{en.common.noMatch}</div>}
      </div>
    </div>
  );
}
