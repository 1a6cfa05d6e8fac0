/** A tab shows one session, or two or more beside or below each other. `main` stands for the container's main process. */
export interface Arranged {
  panes: readonly string[];
  direction: 'right' | 'down';
}

export const MAIN = 'main';

const key = (container: string) => `berth.terminals.${container}`;

/** For a reload of this window; another one arranges its own. */
export function keep(container: string, tabs: readonly Arranged[]): void {
  sessionStorage.setItem(key(container), JSON.stringify(tabs.map(({ panes, direction }) => ({ panes, direction }))));
}

export function kept(container: string): readonly Arranged[] {
  try {
    return JSON.parse(sessionStorage.getItem(key(container)) ?? '[]') as Arranged[];
  } catch {
    return [];
  }
}

/** What was kept, of the sessions that are still there; those that were opened elsewhere get a tab of their own. */
export function arranged(before: readonly Arranged[], open: readonly string[]): Arranged[] {
  const there = new Set([...open, MAIN]);
  const tabs = before
    .map(({ panes, direction }) => ({ panes: panes.filter((each) => there.has(each)), direction }))
    .filter((each) => each.panes.length > 0);
  const shown = new Set(tabs.flatMap((each) => each.panes));
  return [...tabs, ...open.filter((each) => !shown.has(each)).map((each): Arranged => ({ panes: [each], direction: 'right' }))];
}
