import { useEffect, useState } from 'preact/hooks';
import { api } from '../../api/client';
import { tenant } from '../../app/session';
import type { Spec } from './spec';
import { quotaChanges } from './store';

const TYPING = 500;

/** What the tenant's quota would refuse the container for, asked a moment after the last change. */
export function useQuotaCheck(spec: Spec): readonly string[] {
  const [refusals, setRefusals] = useState<readonly string[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api
        .post('/api/v1/tenants/{tenant}/quota/check', { path: { tenant: tenant.value }, body: { container: spec, start: true }, signal: abort.signal })
        .then((answer) => setRefusals(answer.refusals.map((each) => each.detail)))
        // what is half typed is no specification yet; creating it will tell
        .catch(() => !abort.signal.aborted && setRefusals([]));
    }, TYPING);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [spec.image, JSON.stringify(spec.resources), spec.ttl, quotaChanges.value]);
  return refusals;
}
