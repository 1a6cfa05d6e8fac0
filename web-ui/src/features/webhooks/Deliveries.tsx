import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { curl } from '../../app/curl';
import { dateTime } from '../../app/format';
import { usePages } from '../../app/pages';
import { useInterval, useResource } from '../../app/resource';
import { complain } from '../../app/toasts';
import { Curl } from '../../components/Curl';
import { Failure } from '../../components/Failure';
import { Table } from '../../components/Page';
import { en } from '../../text/en';
import { command, DELIVERIES, of, REDELIVER, TONES, type Delivery } from './webhooks';

type Status = Delivery['status'];

const STATUSES: readonly Status[] = ['pending', 'succeeded', 'failed'];
const LOOK = 3_000;
const SOON = 500;
const PAGE = 50;

interface Props {
  webhook: string;
  /** Grows when something was sent. */
  sent: number;
  onNews: () => void;
}

/** The log of a webhook, newest first; it is looked at again while the page is, from its first page on. */
export function Deliveries({ webhook, sent, onNews }: Props) {
  const [status, setStatus] = useState<Status>();
  const [open, setOpen] = useState<string>();
  const path = of(webhook);
  const query = { limit: PAGE, ...(status && { status }) };
  const first = useResource((signal) => api.get(DELIVERIES, { path, query, signal }), [webhook, status, sent]);
  const newest = first.data?.items;
  useInterval(first.reload, newest?.some((each) => each.status === 'pending' && each.attempts === 0) ? SOON : LOOK);
  // what was delivered, or not, is said of the webhook too
  useEffect(onNews, [newest?.[0]?.id, newest?.map((each) => each.attempts).join()]);

  const pages = usePages(
    first.data,
    (cursor) => api.get(DELIVERIES, { path, query: { ...query, cursor } }),
    (each) => each.id,
  );

  async function redeliver(delivery: Delivery) {
    await api.post(REDELIVER, { path: { ...path, delivery: delivery.id } });
    first.reload();
  }

  return (
    <>
      <div class="row">
        <select
          class="filter-state"
          aria-label={en.webhooks.status}
          value={status ?? ''}
          onChange={(event) => {
            pages.reset();
            setStatus(STATUSES.find((each) => each === event.currentTarget.value));
          }}
        >
          <option value="">{en.webhooks.anyStatus}</option>
          {STATUSES.map((each) => (
            <option key={each} value={each}>
              {en.webhooks.statuses[each]}
            </option>
          ))}
        </select>
      </div>
      {first.failure !== undefined && <Failure failure={first.failure} onRetry={first.reload} />}
      <Table
        label={en.webhooks.deliveries}
        empty={status ? en.common.noMatch : en.webhooks.noDeliveries}
        head={[en.admin.when, en.webhooks.status, en.webhooks.event, en.webhooks.attempts, en.webhooks.response, '']}
        rows={pages.items?.map((each) => (
          <Fragment key={each.id}>
            <tr>
              <td class="nowrap">
                <button class="link" aria-expanded={open === each.id} onClick={() => setOpen(open === each.id ? undefined : each.id)}>
                  {dateTime(each.createdAt)}
                </button>
              </td>
              <td>
                <span class={`badge ${TONES[each.status]}`}>{en.webhooks.statuses[each.status]}</span>
              </td>
              <td class="mono">{each.eventType}</td>
              <td>{each.attempts}</td>
              <td class="small details">
                {each.responseCode !== undefined && <span class="mono">{each.responseCode} </span>}
                <span class="muted">{explained(each)}</span>
              </td>
              <td class="right">
                <button class="button small" disabled={each.status === 'pending'} onClick={() => redeliver(each).catch(complain)}>
                  {en.webhooks.redeliver}
                </button>
              </td>
            </tr>
            {open === each.id && (
              <tr>
                <td colSpan={6}>
                  <pre class="code">{JSON.stringify(each, null, 2)}</pre>
                  <span class="small">{en.webhooks.redeliver}</span>
                  <Curl command={command('POST', REDELIVER.replace('{delivery}', each.id), webhook)} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      />
      {pages.more && (
        <div class="row">
          <button class="button" onClick={pages.more}>
            {en.common.more}
          </button>
        </div>
      )}
      <Curl command={curl('GET', url(DELIVERIES, path, status ? { status } : {}))} />
    </>
  );
}

function explained({ durationMs, error }: Delivery): string {
  return [durationMs !== undefined && en.webhooks.took(Math.round(durationMs)), error].filter(Boolean).join(', ');
}
