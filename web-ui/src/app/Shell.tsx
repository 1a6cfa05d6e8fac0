import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { Icon, type IconName } from '../components/Icon';
import { en } from '../text/en';
import { Palette } from './Palette';
import { isOwner, mayWrite, me, signOut, switchTenant, tenant, tenants } from './session';
import { complain } from './toasts';
import { theme, toggleTheme } from './theme';

interface Place {
  path: string;
  label: string;
  icon: IconName;
}

/** Where one can go: what the role does not allow is not shown. */
export function places(): { tenant: Place[]; platform: Place[] } {
  const all: (Place | false)[] = [
    { path: '/containers', label: en.nav.containers, icon: 'box' },
    { path: '/images', label: en.nav.images, icon: 'layers' },
    { path: '/usage', label: en.nav.usage, icon: 'chart' },
    { path: '/events', label: en.nav.events, icon: 'bell' },
    mayWrite.value && { path: '/members', label: en.nav.members, icon: 'users' },
    mayWrite.value && { path: '/tokens', label: en.nav.tokens, icon: 'key' },
    isOwner.value && { path: '/webhooks', label: en.nav.webhooks, icon: 'send' },
    isOwner.value && { path: '/audit', label: en.nav.audit, icon: 'shield' },
  ];
  return {
    tenant: all.filter((each) => each !== false),
    platform: me.value?.admin
      ? [
          { path: '/platform/tenants', label: en.nav.tenants, icon: 'building' },
          { path: '/platform/users', label: en.admin.users, icon: 'user' },
          { path: '/platform/audit', label: en.nav.platformAudit, icon: 'shield' },
          { path: '/platform/host', label: en.nav.host, icon: 'server' },
        ]
      : [],
  };
}

export function Shell({ children }: { children: ComponentChildren }) {
  const { path, route } = useLocation();
  const [menuOpen, setMenuOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  useEffect(() => setMenuOpen(false), [path]);
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      // in a terminal ctrl-k belongs to the shell
      const inTerminal = event.target instanceof Element && event.target.closest('.xterm');
      if ((event.ctrlKey || event.metaKey) && event.key === 'k' && (!inTerminal || event.metaKey)) {
        event.preventDefault();
        setPaletteOpen(true);
      }
    };
    addEventListener('keydown', open);
    return () => removeEventListener('keydown', open);
  }, []);

  const { tenant: own, platform } = places();
  const link = (place: Place) => (
    <a key={place.path} href={place.path} aria-current={path.startsWith(place.path) ? 'page' : undefined}>
      <Icon name={place.icon} /> {place.label}
    </a>
  );

  return (
    <div class={`shell ${menuOpen ? 'menu-open' : ''}`}>
      <a class="visually-hidden" href="#main">
        {en.nav.skip}
      </a>
      <header class="top">
        <button
          class="button quiet icon menu-button"
          aria-label={en.nav.menu}
          aria-expanded={menuOpen}
          onClick={() => setMenuOpen(!menuOpen)}
        >
          <Icon name="menu" size={18} />
        </button>
        <a class="brand" href="/containers" aria-label={en.product}>
          <img src="/favicon.svg" alt="" /> <span class="wide-only">{en.product}</span>
        </a>
        {tenants.value.length > 0 && (
          <select
            class="tenant-switch"
            aria-label={en.nav.tenant}
            value={tenant.value}
            onChange={(event) => {
              switchTenant(event.currentTarget.value);
              route('/containers');
            }}
          >
            {tenants.value.map((each) => (
              <option key={each.tenant}>{each.tenant}</option>
            ))}
          </select>
        )}
        <button class="button small palette-button" onClick={() => setPaletteOpen(true)} aria-label={`${en.common.goTo} ctrl k`}>
          <Icon name="search" /> <span class="grow">{en.common.goTo}</span> <kbd>ctrl k</kbd>
        </button>
        <button
          class="button quiet icon"
          aria-label={theme.value === 'dark' ? en.common.light : en.common.dark}
          onClick={toggleTheme}
        >
          <Icon name={theme.value === 'dark' ? 'sun' : 'moon'} size={18} />
        </button>
        <span class="muted wide-only ellipsis">{me.value?.name}</span>
        <button class="button quiet icon" aria-label={en.common.signOut} onClick={() => signOut().catch(complain)}>
          <Icon name="logout" size={18} />
        </button>
      </header>
      <nav class="side" aria-label={en.nav.menu}>
        {own.map(link)}
        {platform.length > 0 && <div class="heading">{en.nav.platform}</div>}
        {platform.map(link)}
      </nav>
      <main id="main" tabIndex={0}>
        {children}
      </main>
      {paletteOpen && <Palette onClose={() => setPaletteOpen(false)} />}
    </div>
  );
}
