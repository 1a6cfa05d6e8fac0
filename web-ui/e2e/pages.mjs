// Every page once: it shows, it is usable by keyboard and by a screen reader, in both themes, and on a phone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { api, base, finish, picture, scenario, signIn, token, withContainer } from './browser.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** All of them are told at the end, not the first alone. */
const violations = [];

async function accessible(page, where) {
  // the policy of the page allows no foreign script: it is run by the debugger
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const serious = found.violations.filter((each) => ['serious', 'critical'].includes(each.impact));
  violations.push(...serious.map((each) => `${where}: ${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`));
}

/** Looks at what the page shows now, in both themes; ends in the dark one. */
async function look(page, name) {
  const use = (theme) =>
    page.evaluate((wanted) => {
      // also below a dialog, where the button cannot be pressed
      const button = document.querySelector(`[aria-label="${wanted} theme"]`);
      button?.click();
    }, theme);
  await picture(page, name);
  await accessible(page, name);
  await use('Light');
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'light');
  await picture(page, `${name}-light`);
  await accessible(page, `${name} in light`);
  await use('Dark');
}

const PAGES = {
  containers: ['/containers', 'Containers'],
  images: ['/images', 'Images'],
  usage: ['/usage', 'Usage'],
  events: ['/events', 'Events'],
  members: ['/members', 'Members'],
  tokens: ['/tokens', 'API tokens'],
  webhooks: ['/webhooks', 'Webhooks'],
  audit: ['/audit', 'Audit'],
  tenants: ['/platform/tenants', 'Tenants'],
  users: ['/platform/users', 'Users'],
  tenant: ['/platform/tenants/default', 'default'],
  host: ['/platform/host', 'Host'],
  nowhere: ['/no/such/place', 'There is no such page'],
};

const DEMO = 'printf "\\033[32mgreen\\033[0m\\n"; touch /made; i=0; while :; do i=$((i+1)); echo line $i; sleep 0.2; done';

await scenario('sign-in', async (page) => {
  await page.goto(`${base}/images`);
  await page.getByLabel('API token').fill('berth_wrong');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await accessible(page, 'sign-in');
  await picture(page, 'signin');
  await page.getByLabel('API token').fill(token);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Images' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Images' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API token').waitFor();
  await page.reload();
  await page.getByLabel('API token').waitFor();
});

await scenario('sign-in in light', async (page) => {
  await page.goto(base);
  await page.getByLabel('API token').waitFor();
  await picture(page, 'signin-light');
  await accessible(page, 'sign-in in light');
}, { colorScheme: 'light' });

const WATCHED = { healthcheck: { command: ['echo', 'all is well'], interval: 5 }, idleTimeout: '1h' };

await withContainer({ labels: { app: 'demo' }, resources: { cpus: 0.5, memory: '64MiB' }, command: ['sh', '-c', DEMO], ...WATCHED }, async (container) => {
  await scenario('pages', async (page) => {
    await signIn(page);
    for (const [name, [path, heading]] of Object.entries(PAGES)) {
      await page.goto(base + path);
      await page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
      await page.waitForLoadState('networkidle', { timeout: 700 }).catch(() => {}); // streams of events never end
      await look(page, name);
    }
  });

  await scenario('the pages of a container', async (page) => {
    await signIn(page);
    const place = `${base}/containers/${container.name}`;
    const parts = { container: ['', 'canvas >> nth=1'], logs: ['/logs', '.log >> text=green'], processes: ['/processes', 'td'], changes: ['/changes', 'text=/made'], files: ['/files?path=/etc', 'text=passwd'] };
    for (const [name, [path, content]] of Object.entries(parts)) {
      await page.goto(place + path);
      await page.locator(content).first().waitFor();
      // rates are known from the second reading on
      if (name === 'container') {
        await page.getByText(/^in .+\/s, out /).waitFor();
        await page.getByRole('region', { name: 'Health' }).getByText('all is well', { exact: true }).waitFor();
        await page.getByText(/^1 h \((unused for|in use)/).waitFor();
      }
      await look(page, name);
    }
    await page.goto(`${place}/terminal`);
    await page.locator('[data-state=open]').waitFor();
    await page.waitForTimeout(300);
    await look(page, 'terminal-new');
    await page.goto(place);
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').waitFor();
    await look(page, 'delete');
  });

  await scenario('create by keyboard', async (page) => {
    await signIn(page);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('new cont');
    await look(page, 'palette');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'New container' }).waitFor();
    const name = `keyed-${process.pid}`;
    await page.getByLabel('Name', { exact: true }).fill(name);
    await look(page, 'create');
    await page.getByLabel('Name', { exact: true }).press('Enter');
    await page.getByRole('heading', { name }).waitFor();
    // another client's change arrives without a reload
    await api('POST', `/containers/${name}/stop?timeout=1`);
    await page.locator('.badge', { hasText: 'stopped' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByLabel(`Type ${name} to confirm`).fill(name);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Containers', exact: true }).waitFor();
    assert.equal(await page.getByRole('link', { name }).count(), 0);
  });

  await scenario('create with a health check and an idle timeout', async (page) => {
    await signIn(page);
    await page.goto(`${base}/containers?new=1`);
    const dialog = page.getByRole('dialog', { name: 'New container' });
    const name = `watched-${process.pid}`;
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByText('Advanced', { exact: true }).click();
    await dialog.getByLabel('Stop when unused for').fill('5s');
    await dialog.getByLabel('Command that exits with 0').fill("sh -c 'exit 4'");
    await dialog.getByLabel('Interval', { exact: true }).fill('1s');
    await dialog.getByLabel('Failures in a row until unhealthy').fill('1');
    await look(page, 'create-advanced');
    await dialog.getByRole('button', { name: 'Create and start' }).click();
    await dialog.getByText('must be from 5s to 1d, not 1s', { exact: true }).waitFor();
    await dialog.getByText('must be from 10s to 3650d, not 5s', { exact: true }).waitFor();
    await dialog.getByLabel('Stop when unused for').fill('90s');
    await dialog.getByLabel('Interval', { exact: true }).fill('5s');
    await dialog.getByRole('button', { name: 'Create and start' }).click();
    await page.getByRole('heading', { name }).waitFor();
    try {
      await page.getByRole('region', { name: 'Health' }).getByText(/exit code 4$/).waitFor();
      await page.goto(`${base}/containers?state=unhealthy`);
      await page.getByRole('link', { name, exact: true }).waitFor();
      await page.locator('.badge', { hasText: 'unhealthy' }).waitFor();
      assert.equal(await page.getByRole('link', { name: container.name, exact: true }).count(), 0);
    } finally {
      await api('DELETE', `/containers/${name}?force=true`);
    }
  });

  await scenario('phone', async (page) => {
    await signIn(page);
    await page.getByRole('link', { name: container.name, exact: true }).waitFor();
    await picture(page, 'phone-containers');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.waitForTimeout(200);
    await picture(page, 'phone-menu');
    await page.getByRole('link', { name: 'Images' }).click();
    await page.getByRole('heading', { name: 'Images' }).waitFor();
    const fits = async (where) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, `no sideways scrolling on ${where}`);
    };
    const places = { ...PAGES, container: [`/containers/${container.name}`, container.name] };
    for (const [name, [path, heading]] of Object.entries(places)) {
      await page.goto(base + path);
      await page.getByRole('heading', { name: heading, exact: true }).first().waitFor();
      await page.waitForTimeout(250);
      await picture(page, `phone-${name}`);
      await fits(name);
    }
    await page.goto(`${base}/containers/${container.name}/terminal`);
    await page.locator('[data-state=open] .xterm-rows').first().waitFor();
    await page.locator('.xterm-helper-textarea').first().focus();
    // keys that a phone's keyboard lacks
    await page.keyboard.type('sleep 100\n');
    await page.waitForTimeout(200);
    await page.getByRole('toolbar', { name: 'Keys a phone lacks' }).getByRole('button', { name: '^C' }).tap();
    await page.keyboard.type('echo us""able\n');
    await page.locator('.xterm-rows', { hasText: /usable/ }).waitFor();
    await fits('terminal');
    await accessible(page, 'terminal on a phone');
    await picture(page, 'phone-terminal');
  }, { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
});

await finish();
assert.deepEqual(violations, [], 'accessibility');
