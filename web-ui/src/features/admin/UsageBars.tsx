import { Meter } from '../../components/Meter';
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
            <th class="wide">
              <span class="visually-hidden">{en.admin.usage}</span>
            </th>
            <th class="right">{en.admin.used}</th>
            <th class="right">{en.admin.reserved}</th>
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
              <td class="right muted">{amount(each.reserved, each.unit)}</td>
              <td class="right">{each.limit === undefined || each.limit === null ? en.common.unlimited : amount(each.limit, each.unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Bar({ now, label }: { now: UsageNow; label: string }) {
  if (now.limit === undefined || now.limit === null) return null;
  const used = Math.max(now.used ?? 0, now.policy === 'reserve' ? now.reserved ?? 0 : 0);
  return <Meter used={used} limit={now.limit} label={label} />;
}
