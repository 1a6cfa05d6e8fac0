// The files of a container: uploaded, edited while somebody else writes, downloaded, deleted and had back.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { base, finish, picture, scenario, signIn, token, until, withContainer } from './browser.mjs';

const DIRECTORY = '/srv/site';
const MADE = `mkdir -p ${DIRECTORY}/old; echo first > ${DIRECTORY}/page.txt; exec sleep infinity`;

/** The bytes of a file as a program has them, or undefined; with text, writes it. */
async function content(container, name, text) {
  const address = `${base}/api/v1/tenants/default/containers/${container.id}/files/content?path=${DIRECTORY}/${name}`;
  const response = await fetch(address, {
    method: text === undefined ? 'GET' : 'PUT',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/octet-stream' },
    ...(text !== undefined && { body: text }),
  });
  assert.ok(response.ok || response.status === 404, `${response.status}`);
  return response.ok ? response.text() : undefined;
}

const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

await withContainer({ command: ['sh', '-c', MADE] }, async (container) => {
  await until('the container to have made its files', () => content(container, 'page.txt'));
  const place = `${base}/containers/${container.name}/files?path=${DIRECTORY}`;

  await scenario('files: uploaded, edited while another writes, deleted and had back', async (page) => {
    await signIn(page);
    await page.goto(place);
    await page.getByRole('link', { name: 'page.txt', exact: true }).waitFor();
    const upload = (text) => page.locator('input[type=file]').setInputFiles([file('hello.txt', text)]);
    await upload('hello');
    await page.getByRole('link', { name: 'hello.txt', exact: true }).waitFor();
    assert.equal(await content(container, 'hello.txt'), 'hello');
    await upload('hello again');
    await page.getByText('There is such a file already.').waitFor();
    assert.equal(await content(container, 'hello.txt'), 'hello', 'nothing is replaced unasked');
    await picture(page, 'files-upload');
    await page.getByRole('button', { name: 'Replace' }).click();
    await until('the file to be replaced', async () => (await content(container, 'hello.txt')) === 'hello again');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download hello.txt' }).click()]);
    assert.equal(download.suggestedFilename(), 'hello.txt');
    assert.equal(await readFile(await download.path(), 'utf8'), 'hello again');

    await page.getByRole('link', { name: 'page.txt', exact: true }).click();
    const mine = page.getByLabel(`${DIRECTORY}/page.txt`, { exact: true }).and(page.locator('textarea'));
    await mine.fill('mine\n');
    await content(container, 'page.txt', 'theirs\n');
    await mine.press('Control+s');
    await page.getByRole('alert').waitFor();
    assert.equal(await page.getByLabel('What is in the file now').inputValue(), 'theirs\n');
    assert.equal(await content(container, 'page.txt'), 'theirs\n', 'what somebody else wrote is not overwritten');
    await picture(page, 'files-conflict');
    await mine.fill('theirs\nmine\n');
    await page.getByRole('button', { name: 'Overwrite' }).click();
    await page.getByText('page.txt was saved').waitFor();
    assert.equal(await content(container, 'page.txt'), 'theirs\nmine\n');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
    await mine.waitFor({ state: 'detached' });

    const row = page.getByRole('link', { name: 'hello.txt', exact: true });
    await page.getByRole('button', { name: 'Delete hello.txt' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
    assert.equal(await content(container, 'hello.txt'), 'hello again');
    await page.getByRole('button', { name: 'Delete hello.txt' }).click();
    await row.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Delete old' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete directory' });
    assert.equal(await dialog.getByRole('button', { name: 'Delete', exact: true }).isDisabled(), true);
    await picture(page, 'files-delete');
    await dialog.getByLabel('Type old to confirm').fill('old');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'old', exact: true }).waitFor({ state: 'detached' });
    // whoever leaves the page does not undo
    await page.goto(`${base}/images`);
    await until('the file to be gone', async () => (await content(container, 'hello.txt')) === undefined);
  });
});

await finish();
