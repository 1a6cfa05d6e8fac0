import type { ComponentChildren } from 'preact';
import { Curl } from './Curl';
import { Failure } from './Failure';
import { Scroll } from './Scroll';
import { en } from '../text/en';

interface Props {
  title: string;
  actions?: ComponentChildren;
  failure?: unknown;
  onRetry?: () => void;
  /** What the page shows, as a curl command. */
  command?: string;
  children: ComponentChildren;
}

/** The frame of a page: its title, what can be done, and what went wrong. */
export function Page({ title, actions, failure, onRetry, command, children }: Props) {
  return (
    <div class="page">
      <div class="title">
        <h1>{title}</h1>
        {actions}
      </div>
      {failure !== undefined && <Failure failure={failure} onRetry={onRetry} />}
      {children}
      {command && <Curl command={command} />}
    </div>
  );
}

interface TableProps {
  label: string;
  head: readonly string[];
  empty: string;
  rows: readonly ComponentChildren[] | undefined;
}

export function Table({ label, head, rows, empty }: TableProps) {
  if (!rows) return <div class="empty">{en.common.loading}</div>;
  if (rows.length === 0) return <div class="card empty">{empty}</div>;
  return (
    <Scroll label={label}>
      <table aria-label={label}>
        <thead>
          <tr>
            {head.map((each) => (
              <th key={each}>{each || <span class="visually-hidden">{en.common.actions}</span>}</th>
            ))}
          </tr>
        </thead>
        <tbody>{rows}</tbody>
      </table>
    </Scroll>
  );
}
