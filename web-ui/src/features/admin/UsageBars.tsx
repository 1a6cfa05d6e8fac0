import { useEffect, useRef } from 'preact/hooks';
import { Scroll } from '../../components/Scroll';
import { en } from '../../text/en';
import { amount, resourceLabel, type UsageNow } from './quota';

/** Limit, used and reserved of each resource, as bars. */
export function UsageBars({ now }: { now: Record<string, UsageNow> }) {
  return (
    <Scroll label={en.admin.usage}>
      <table aria-label={en.admin.usage}>
        <thead>
          <tr>
            <th>{en.admin.resource}</th>
            <th class="bar">
              <span class="visually-hidden">{en.admin.usage}</span>
            </th>
            <th class="right">{en.admin.used}</th>
            <th class="right wide-only">{en.admin.reserved}</th>
            <th class="right">{en.admin.limit}</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(now).map(([resource, each]) => (
            <tr key={resource}>
              <td>{resourceLabel(resource)}</td>
              <td>
                <Bar now={each} label={resource} />
              </td>
              <td class="right">{amount(each.used, each.unit)}</td>
              <td class="right muted wide-only">{amount(each.reserved, each.unit)}</td>
              <td class="right">{each.limit === undefined || each.limit === null ? en.common.unlimited : amount(each.limit, each.unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** What is in use, and fainter behind it what is promised. */
function Bar({ now, label }: { now: UsageNow; label: string }) {
  const limit = now.limit ?? 0;
  const share = (amount: number | null | undefined) => (limit > 0 ? Math.min(1, (amount ?? 0) / limit) : 0);
  const used = share(now.used);
  const reserved = share(now.reserved);
  if (now.limit === undefined || now.limit === null) return null;
  const full = Math.max(used, now.policy === 'reserve' ? reserved : 0) > 0.9;
  return (
    <div class={`progress ${full ? 'bad' : ''}`} role="meter" aria-label={label} aria-valuenow={now.used ?? 0} aria-valuemin={0} aria-valuemax={limit}>
      <Filled share={reserved} kind="reserved" />
      <Filled share={used} />
    </div>
  );
}

function Filled({ share, kind }: { share: number; kind?: string }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (bar.current) bar.current.style.width = `${share * 100}%`;
  }, [share]);
  return <div ref={bar} class={kind} />;
}
