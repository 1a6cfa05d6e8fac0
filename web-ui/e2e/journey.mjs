// The first hour with Berth: in by the printed link, a container, a shell in it, and what a spent quota says.
import assert from 'node:assert/strict';
import { api, awaitScreen, base, finish, picture, scenario } from './browser.mjs';

const link = process.env['BERTH_SIGN_IN_LINK'];
assert.ok(link, 'BERTH_SIGN_IN_LINK is not set');
const name = `journey-${process.pid}`;

async function create(page, called) {
  await page.goto(`${base}/containers`);
  await page.getByRole('heading', { name: 'Containers' }).waitFor();
  await page.getByRole('button', { name: 'New container' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New container' });
  await dialog.waitFor();
  await dialog.getByLabel('Name', { exact: true }).fill(called);
  await page.keyboard.press('Enter');
  return dialog;
}

try {
  await scenario('from the printed link to a shell, and to a refusal', async (page) => {
    await page.goto(link);
    await picture(page, 'signin-link');
    await page.getByRole('button', { name: /^Sign in as/ }).click();
    await page.getByRole('heading', { name: 'Containers' }).waitFor();
    await picture(page, 'containers-empty');
    await page.goto(`${base}/signin`);
    await page.getByRole('link', { name: 'Open the console' }).waitFor();
    await picture(page, 'signin-signed-in');

    await create(page, name);
    await page.getByRole('heading', { name }).waitFor();
    await page.goto(`${base}/containers/${name}/terminal`);
    await awaitScreen(page, /[#$] ?$/m);
    await page.locator('.xterm-helper-textarea').first().focus();
    await page.keyboard.type('printf "\\033[38;2;9;200;9mtrue colour\\033[0m\\n"; hostname\n');
    await awaitScreen(page, /^true colour$/m);
    await picture(page, 'terminal');

    await api('PUT', '/quota', { containers: 1 });
    const dialog = await create(page, `${name}-more`);
    await dialog.getByRole('alert').waitFor();
    await picture(page, 'quota-refused');
    assert.match(await dialog.getByRole('alert').innerText(), /containers/i);
  });
} finally {
  await api('PUT', '/quota', {});
  await api('DELETE', `/containers/${name}?force=true`).catch(() => {});
}

finish();
