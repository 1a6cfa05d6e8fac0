import { useEffect, useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { fieldError } from '../../api/problem';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { useResource } from '../../app/resource';
import { tell } from '../../app/toasts';
import { Curl } from '../../components/Curl';
import { Failure } from '../../components/Failure';
import { en } from '../../text/en';
import { amount, changes, policyChanges, resourceLabel, textsOf, type Policies, type Quota } from './quota';

type Over = components['schemas']['QuotaChange']['over'];

const QUOTA = '/api/v1/tenants/{tenant}/quota';
const TYPING = 400;

/** A tenant's quota beside what is in use. While it is edited the server is asked what it would mean; nothing is saved by that. */
export function QuotaForm({ name }: { name: string }) {
  const path = { tenant: name };
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [policies, setPolicies] = useState<Policies>({});
  const [failure, setFailure] = useState<unknown>();
  const [over, setOver] = useState<Over>([]);
  const [checked, setChecked] = useState('');
  const quota = useResource((signal) => api.full('get', QUOTA, { path, signal }), [name]);
  const usage = useResource((signal) => api.get('/api/v1/tenants/{tenant}/usage', { path, signal }), [name]);
  const now = usage.data?.now ?? {};
  const before = quota.data ? textsOf(quota.data.data, now) : {};
  const policiesBefore = quota.data?.data.policies ?? {};
  useEffect(() => {
    setTexts(before);
    setPolicies(policiesBefore);
  }, [quota.data, usage.data !== undefined]);

  const units = Object.fromEntries(Object.entries(now).map(([resource, each]) => [resource, each.unit]));
  const { patch: amounts, wrong } = changes(before, texts, units);
  const changedPolicies = policyChanges(policiesBefore, policies);
  const patch = { ...amounts, ...(changedPolicies && { policies: changedPolicies }) } as Quota;
  const written = JSON.stringify(patch);
  const empty = Object.keys(patch).length === 0;
  const etag = quota.data?.headers.get('ETag');
  const headers: Record<string, string> = etag ? { 'If-Match': etag } : {};
  const field = (resource: string) => fieldError(failure, `/${resource}`);

  // what it would mean, a moment after the last key
  useEffect(() => {
    setFailure(undefined);
    setChecked('');
    if (empty || wrong.length > 0) return setOver([]);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api
        .post(`${QUOTA}/preview`, { path, body: patch, headers, signal: abort.signal })
        .then((answer) => {
          setOver(answer.over);
          setChecked(written);
        })
        .catch((problem: unknown) => !abort.signal.aborted && setFailure(problem));
    }, TYPING);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [written, wrong.length]);

  async function save(event: Event) {
    event.preventDefault();
    setFailure(undefined);
    try {
      const answer = await api.patch(QUOTA, { path, body: patch, headers });
      setOver(answer.over);
      tell(en.admin.quotaSaved);
      quota.reload();
      usage.reload();
    } catch (problem) {
      setFailure(problem);
    }
  }

  if (quota.failure !== undefined) return <Failure failure={quota.failure} onRetry={quota.reload} />;
  // units come with the usage: what was typed before would be read in none, and be overwritten
  if (!quota.data || (!usage.data && usage.failure === undefined)) return <div class="card empty">{en.common.loading}</div>;
  return (
    <form class="card" onSubmit={save}>
      <header>
        <h2>{en.admin.quota}</h2>
        <span class="muted small" role="status">
          {checked !== '' && checked === written && over.length === 0 && en.admin.fits}
        </span>
        <button class="button primary small" disabled={empty || wrong.length > 0}>
          {en.common.save}
        </button>
      </header>
      <div class="body stack">
        {failure !== undefined && <Failure failure={failure} onRetry={quota.reload} />}
        {over.length > 0 && (
          <div class="notice warn" role="status">
            <strong>{empty ? en.admin.isAbove : en.admin.wouldBeAbove}</strong>
            {over.map((each) => (
              <p key={each.resource}>{each.message}</p>
            ))}
          </div>
        )}
        <div class="scroll" role="region" aria-label={en.admin.quota} tabIndex={0}>
          <table aria-label={en.admin.quota}>
            <thead>
              <tr>
                <th>{en.admin.resource}</th>
                <th>{en.admin.limit}</th>
                <th class="right">{en.admin.used}</th>
                <th class="right wide-only">{en.admin.reserved}</th>
                <th>{en.admin.policy}</th>
              </tr>
            </thead>
            <tbody>
              {Object.keys(before).map((resource) => {
                const label = resourceLabel(resource);
                const policy = policies[resource as keyof Policies];
                return (
                  <tr key={resource}>
                    <td>{label}</td>
                    <td>
                      <input
                        class="filter amount"
                        aria-label={label}
                        aria-invalid={wrong.includes(resource) || field(resource) !== undefined}
                        placeholder={en.common.unlimited}
                        value={texts[resource] ?? ''}
                        onInput={(event) => setTexts({ ...texts, [resource]: event.currentTarget.value })}
                      />
                      {field(resource) && <div class="error small">{field(resource)}</div>}
                    </td>
                    <td class="right">{amount(now[resource]?.used, units[resource])}</td>
                    <td class="right muted wide-only">{amount(now[resource]?.reserved, units[resource])}</td>
                    <td>
                      {policy && (
                        <select
                          class="filter-state"
                          aria-label={`${en.admin.policy}: ${label}`}
                          title={en.admin.policies[policy]}
                          value={policy}
                          onChange={(event) => setPolicies({ ...policies, [resource]: event.currentTarget.value as 'share' | 'reserve' })}
                        >
                          <option>share</option>
                          <option>reserve</option>
                        </select>
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        <Curl command={curl('PATCH', url(QUOTA, path), patch)} />
      </div>
    </form>
  );
}
