// The first hour with Berth: in by the printed link, a container, a shell in it, and what a spent quota says.
import assert from 'node:assert/strict';
import { api, base, finish, picture, required, scenario, signIn, withContainer } from './browser.mjs';
import { awaitScreen, focus, openTerminal, pixels } from './terminal.mjs';

const link = required('BERTH_SIGN_IN_LINK');
const name = `journey-${process.pid}`;

async function create(page, called) {
  await page.goto(`${base}/containers`);
  await page.getByRole('heading', { name: 'Containers', exact: true }).waitFor();
  await page.getByRole('button', { name: 'New container' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New container' });
  await dialog.waitFor();
  await dialog.getByLabel('Name', { exact: true }).fill(called);
  await page.keyboard.press('Enter');
  return dialog;
}

/** A block of 30 cells in a colour that no palette has. */
async function showsTrueColour(page) {
  const colour = [9, 201, 77];
  assert.equal(await pixels(page, colour), 0);
  await page.keyboard.type(`printf '\\033[48;2;${colour.join(';')}m%30s\\033[0m\\n'; echo pain""ted\n`);
  await page.waitForTimeout(400);
  const cells = (await pixels(page, colour)) / 30;
  assert.ok(cells > 60 && cells < 300, `${cells} pixels of the colour to a cell`);
}

try {
  await scenario('from the printed link to a shell, and to a refusal', async (page) => {
    await page.goto(link);
    await picture(page, 'signin-link');
    await page.getByRole('button', { name: /^Sign in as/ }).click();
    await page.getByRole('heading', { name: 'Containers', exact: true }).waitFor();
    await picture(page, 'containers-empty');
    await page.goto(`${base}/signin`);
    await page.getByRole('link', { name: 'Open the console' }).waitFor();
    await picture(page, 'signin-signed-in');

    await create(page, name);
    await page.getByRole('heading', { name }).waitFor();
    await page.goto(`${base}/containers/${name}/terminal`);
    await awaitScreen(page, /[#$] ?$/m);
    await focus(page);
    await page.keyboard.type('top\n');
    await awaitScreen(page, /^Mem: [^]*^ *PID +PPID +USER [^]*\btop$/m);
    await picture(page, 'terminal-top');
    await page.keyboard.type('q');
    await awaitScreen(page, /[#$] ?$/m);
    await page.keyboard.type('clear; printf "\\033[38;2;9;200;9mtrue colour\\033[0m\\n"; hostname\n');
    await awaitScreen(page, new RegExp(`^true colour\\n${name}$`, 'm'));
    const coloured = page.locator('.xterm-rows span', { hasText: /^true colour$/ });
    assert.equal(await coloured.evaluate((cell) => getComputedStyle(cell).color), 'rgb(9, 200, 9)');
    await showsTrueColour(page);
    await picture(page, 'terminal');

    await api('PUT', '/quota', { containers: 1 });
    const dialog = await create(page, `${name}-more`);
    const refusal = dialog.getByRole('alert');
    await refusal.waitFor();
    await picture(page, 'quota-refused');
    assert.match(await refusal.innerText(), /tenant 'default' may use 1 \(containers\), 1 is in use and 1 more is asked for: delete one of/);
  });

  await scenario('the link is good once', async (page) => {
    await page.goto(link);
    assert.match(await page.getByRole('main').innerText(), /used|expired|unknown/i);
    assert.equal(await page.getByRole('button', { name: /^Sign in as/ }).count(), 0);
  });
} finally {
  await api('PUT', '/quota', {});
  await api('DELETE', `/containers/${name}?force=true`).catch(() => {});
}

await withContainer({}, async (container) => {
  await scenario(
    'true colour by WebGL',
    async (page) => {
      await signIn(page);
      await page.goto(`${base}/containers/${container.name}/terminal`);
      await page.locator('[data-state=open] canvas').first().waitFor();
      assert.equal(await page.locator('.xterm-rows').count(), 0, 'nothing is drawn into the DOM');
      await focus(page);
      await page.waitForTimeout(300);
      await showsTrueColour(page);
      await picture(page, 'terminal-webgl');
    },
    { webgl: true },
  );
});

await finish();
