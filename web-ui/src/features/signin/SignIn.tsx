import { useEffect, useRef, useState } from 'preact/hooks';
import { rememberPlace, signInWithToken } from '../../app/session';
import { Failure } from '../../components/Failure';
import { Field } from '../../components/Field';
import { en } from '../../text/en';

/** Over a page whose session ended it keeps the page, so that everything goes on where it was. */
export function SignIn({ again = false }: { again?: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [provider, setProvider] = useState(false);

  // what is typed on must not go to what lies below
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    fetch('/signin/methods')
      .then((response) => (response.ok ? response.json() : { oidc: false }))
      .then((methods: { oidc?: boolean }) => setProvider(methods.oidc === true))
      .catch(() => setProvider(false));
  }, []);

  async function submit(event: Event) {
    event.preventDefault();
    setBusy(true);
    try {
      await signInWithToken(token.trim());
    } catch (problem) {
      setFailure(problem);
    } finally {
      setBusy(false);
    }
  }

  return (
    <div class="signin">
      <div class="card stack">
        <div class="brand">
          <img src="/favicon.svg" alt="" />
          <h1>{en.signin.title}</h1>
        </div>
        {again && <p>{en.signin.expired}</p>}
        {failure !== undefined && <Failure failure={failure} />}
        {provider && (
          <>
            <a class="button primary" href="/signin/oidc" onClick={rememberPlace}>
              {en.signin.withProvider}
            </a>
            <div class="muted small">{en.signin.or}</div>
          </>
        )}
        <form class="stack" onSubmit={submit}>
          <Field label={en.signin.token} hint={en.signin.tokenHint}>
            <input
              ref={field}
              type="password"
              autocomplete="current-password"
              spellcheck={false}
              required
              placeholder="berth_…"
              value={token}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          </Field>
          <button class={`button ${provider ? '' : 'primary'}`} disabled={busy || !token}>
            {en.signin.withToken}
          </button>
        </form>
      </div>
    </div>
  );
}
