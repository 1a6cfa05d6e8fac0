// Every page once: it shows, it is usable by keyboard and by a screen reader, it looks right on a phone.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { api, base, finish, picture, scenario, signIn, token, withContainer } from './browser.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** All of them are told at the end, not the first alone. */
const violations = [];

async function accessible(page, where) {
  // the policy of the page allows no foreign script: it is run by the debugger
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const serious = found.violations.filter((each) => ['serious', 'critical'].includes(each.impact));
  violations.push(...serious.map((each) => `${where}: ${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`));
}

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

await withContainer({ labels: { app: 'demo' }, resources: { cpus: 0.5, memory: '64MiB' }, command: ['sh', '-c', 'printf "\\033[32mgreen\\033[0m\\n"; i=0; while :; do i=$((i+1)); echo line $i; sleep 0.2; done'] }, async (container) => {
  await scenario('pages', async (page) => {
    await signIn(page);
    const pages = {
      containers: ['/containers', 'Containers'],
      images: ['/images', 'Images'],
      usage: ['/usage', 'Usage'],
      events: ['/events', 'Events'],
      members: ['/members', 'Members'],
      tokens: ['/tokens', 'API tokens'],
      audit: ['/audit', 'Audit'],
      tenants: ['/platform/tenants', 'Tenants'],
      tenant: ['/platform/tenants/default', 'default'],
      host: ['/platform/host', 'Host'],
      container: [`/containers/${container.name}`, container.name],
      logs: [`/containers/${container.name}/logs`, container.name],
      processes: [`/containers/${container.name}/processes`, container.name],
      changes: [`/containers/${container.name}/changes`, container.name],
      nowhere: ['/no/such/place', 'There is no such page'],
    };
    for (const [name, [path, heading]] of Object.entries(pages)) {
      await page.goto(base + path);
      await page.getByRole('heading', { name: heading }).first().waitFor();
      await page.waitForTimeout(name === 'container' ? 3500 : 600);
      await picture(page, name);
      await accessible(page, name);
    }
    await page.goto(`${base}/containers`);
    await page.getByRole('button', { name: 'Light theme' }).click();
    for (const [name, [path, heading]] of Object.entries(pages)) {
      await page.goto(base + path);
      await page.getByRole('heading', { name: heading }).first().waitFor();
      await page.waitForTimeout(name === 'container' ? 2500 : 500);
      await picture(page, `${name}-light`);
      await accessible(page, `${name} in light`);
    }
  });

  await scenario('create by keyboard', async (page) => {
    await signIn(page);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('new cont');
    await picture(page, 'palette');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'New container' }).waitFor();
    const name = `keyed-${process.pid}`;
    await page.getByLabel('Name', { exact: true }).fill(name);
    await picture(page, 'create');
    await accessible(page, 'create');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name }).waitFor();
    // another client's change arrives without a reload
    await api('POST', `/containers/${name}/stop?timeout=1`);
    await page.locator('.badge', { hasText: 'stopped' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByLabel(`Type ${name} to confirm`).fill(name);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Containers' }).waitFor();
    assert.equal(await page.getByRole('link', { name }).count(), 0);
  });

  await scenario('phone', async (page) => {
    await signIn(page);
    await page.waitForTimeout(500);
    await picture(page, 'phone-containers');
    await page.getByRole('button', { name: 'Menu' }).click();
    await picture(page, 'phone-menu');
    await page.getByRole('link', { name: 'Images' }).click();
    await page.getByRole('heading', { name: 'Images' }).waitFor();
    for (const path of ['images', 'usage', 'events', 'members', 'tokens', 'audit', 'platform/tenants', 'platform/host', `containers/${container.name}`]) {
      await page.goto(`${base}/${path}`);
      await page.getByRole('heading').first().waitFor();
      await page.waitForTimeout(400);
      await picture(page, `phone-${path.split('/').at(path.startsWith('platform') ? 1 : 0)}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, `no sideways scrolling on ${path}`);
    }
    await page.goto(`${base}/containers/${container.name}/terminal`);
    await page.locator('.terminal-panes:not([hidden]) .xterm-rows').first().waitFor();
    await page.waitForTimeout(800);
    await picture(page, 'phone-terminal');
  }, { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true });
});

finish();
assert.deepEqual(violations, [], 'accessibility');
