import { dateTime, exactSpan, shellQuoted } from '../../app/format';
import { Facts, type Fact } from '../../components/Facts';
import { en } from '../../text/en';
import { HealthBadge } from './StateBadge';
import type { Container } from './store';

/** How a container is checked, and what came of it last. */
export function Health({ container }: { container: Container }) {
  const check = container.healthcheck;
  if (!check?.command) return null;
  const last = container.health?.last;
  const facts: Fact[] = [
    [en.containers.healthCommand, <code>{shellQuoted(check.command)}</code>],
    [en.containers.healthTimes, en.containers.healthEvery(time(check.interval), time(check.timeout), check.retries ?? 0, time(check.startPeriod))],
  ];
  if (container.health) {
    facts.push(
      [en.containers.failingStreak, String(container.health.failingStreak)],
      [en.containers.lastCheck, last ? en.containers.checkedAt(dateTime(last.finishedAt), outcome(last)) : en.containers.noCheckYet],
    );
  }
  return (
    <section class="card" aria-label={en.containers.health}>
      <header>
        <h2>{en.containers.health}</h2>
        <HealthBadge container={container} />
      </header>
      <div class="body stack">
        <Facts of={facts} />
        {last?.output && (
          <pre class="code" tabIndex={0}>
            {last.output}
          </pre>
        )}
        {last?.truncated && <p class="muted small">{en.containers.outputTruncated}</p>}
      </div>
    </section>
  );
}

type Last = NonNullable<NonNullable<Container['health']>['last']>;

function outcome(last: Last): string {
  if (last.timedOut) return en.containers.checkTimedOut;
  return last.exitCode === undefined ? en.containers.checkNotRun : en.containers.exitCode(last.exitCode);
}

/** Answers have seconds. */
function time(seconds: number | string | undefined): string {
  return exactSpan(Number(seconds ?? 0));
}
