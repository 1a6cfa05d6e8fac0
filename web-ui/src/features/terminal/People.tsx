import { en } from '../../text/en';
import { initials, others, tone, type Presence } from './presence';

const FACES = 4;

/** Who else looks at a terminal; nothing while nobody does. Opened, it tells their names. */
export function People({ presence }: { presence: Presence }) {
  const more = presence.clients - 1;
  if (more < 1) return null;
  const people = others(presence);
  const unnamed = presence.clients - presence.attached.length;
  return (
    <details class="terminal-people">
      <summary title={people.map((each) => each.name).join(', ')}>
        {people.slice(0, FACES).map((each) => (
          <span key={each.name} class={`face tone-${tone(each.name)} ${each.writes ? 'writes' : ''}`} aria-hidden="true">
            {initials(each.name)}
          </span>
        ))}
        <span>{en.terminal.others(more)}</span>
      </summary>
      <ul aria-label={en.terminal.attached}>
        {people.map((each) => (
          <li key={each.name}>
            <span class={`face tone-${tone(each.name)}`} aria-hidden="true">
              {initials(each.name)}
            </span>
            <span class="grow ellipsis">{each.name}</span>
            <span class="muted small">{each.writes ? en.terminal.types : en.terminal.watches}</span>
            {each.windows > 1 && <span class="muted small">{en.terminal.windows(each.windows)}</span>}
          </li>
        ))}
        {unnamed > 0 && people.length > 0 && <li class="muted small">{en.terminal.unnamed(unnamed)}</li>}
      </ul>
    </details>
  );
}
