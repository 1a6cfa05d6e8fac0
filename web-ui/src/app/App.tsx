import { lazy, LocationProvider, ErrorBoundary, Route, Router, useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../api/problem';
import { Failure } from '../components/Failure';
import { Guard } from '../components/Guard';
import { SignIn } from '../features/signin/SignIn';
import { Uploads } from '../features/files/Uploads';
import { en } from '../text/en';
import { ContainersPage } from '../features/containers/ContainersPage';
import { expired, firstPlace, load, me, tenant } from './session';
import { Shell } from './Shell';
import { Toasts } from './toasts';
import './theme';

const ContainerPage = lazy(() => import('../features/containers/ContainerPage').then((module) => module.ContainerPage));
const ImagesPage = lazy(() => import('../features/images/ImagesPage').then((module) => module.ImagesPage));
const admin = () => import('../features/admin');
const UsagePage = lazy(() => admin().then((module) => module.UsagePage));
const EventsPage = lazy(() => import('../features/events/EventsPage').then((module) => module.EventsPage));
const MembersPage = lazy(() => admin().then((module) => module.MembersPage));
const TokensPage = lazy(() => admin().then((module) => module.TokensPage));
const webhooks = () => import('../features/webhooks');
const WebhooksPage = lazy(() => webhooks().then((module) => module.WebhooksPage));
const WebhookPage = lazy(() => webhooks().then((module) => module.WebhookPage));
const AuditPage = lazy(() => admin().then((module) => module.AuditPage));
const TenantsPage = lazy(() => admin().then((module) => module.TenantsPage));
const TenantPage = lazy(() => admin().then((module) => module.TenantPage));
const UsersPage = lazy(() => admin().then((module) => module.UsersPage));
const PlatformAuditPage = lazy(() => admin().then((module) => module.PlatformAuditPage));
const HostPage = lazy(() => admin().then((module) => module.HostPage));

/** What is not the console's own is left to the browser: files of the API, and signing in elsewhere. */
const PAGES = /^\/(?!(?:api|signin|q)(?:\/|$))/;

export function App() {
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => {
    load().catch((problem: unknown) => {
      if (!(problem instanceof Problem && problem.document.status === 401)) setFailure(problem);
    });
  }, []);

  if (failure) {
    return (
      <div class="signin">
        <Failure failure={failure} onRetry={() => location.reload()} />
      </div>
    );
  }
  if (me.value === undefined) return null;
  return (
    <>
      {me.value === null ? <SignIn /> : <Pages />}
      {expired.value && (
        <div class="over">
          <SignIn again />
        </div>
      )}
      <Uploads />
      <Toasts />
    </>
  );
}

function Pages() {
  return (
    <LocationProvider scope={PAGES}>
      <Shell>{tenant.value ? <Routes /> : <div class="page empty">{en.signin.noTenants}</div>}</Shell>
    </LocationProvider>
  );
}

function Routes() {
  const { path } = useLocation();
  return (
    <Guard place={path}>
      <ErrorBoundary>
        <Router>
          <Route path="/" component={Home} />
          <Route path="/containers" component={ContainersPage} />
          <Route path="/containers/:name/:tab?" component={ContainerPage} />
          <Route path="/images" component={ImagesPage} />
          <Route path="/events" component={EventsPage} />
          <Route path="/usage" component={UsagePage} />
          <Route path="/members" component={MembersPage} />
          <Route path="/tokens" component={TokensPage} />
          <Route path="/webhooks" component={WebhooksPage} />
          <Route path="/webhooks/:id" component={WebhookPage} />
          <Route path="/audit" component={AuditPage} />
          <Route path="/platform/tenants" component={TenantsPage} />
          <Route path="/platform/tenants/:name" component={TenantPage} />
          <Route path="/platform/users" component={UsersPage} />
          <Route path="/platform/audit" component={PlatformAuditPage} />
          <Route path="/platform/host" component={HostPage} />
          <Route default component={NotFound} />
        </Router>
      </ErrorBoundary>
    </Guard>
  );
}

function Home() {
  const { route } = useLocation();
  useEffect(() => route(firstPlace(), true), []);
  return null;
}

function NotFound() {
  return (
    <div class="page">
      <div class="empty">
        <h2>{en.common.notFound}</h2>
        <p>{en.common.notFoundHint}</p>
        <div class="row">
          <a class="button" href="/containers">
            {en.common.home}
          </a>
        </div>
      </div>
    </div>
  );
}
