// What owners and administrators look after: the host, the audit, webhooks, credentials, and what is asked before anything is destroyed.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { api, base, finish, picture, scenario, signIn } from './browser.mjs';

await scenario('the host as the server sees it; the audit searched, opened, exported', async (page) => {
  await signIn(page);
  await page.goto(`${base}/platform/host`);
  const { resources } = await api('GET', '/api/v1/system/host');
  const { findings } = await api('GET', '/api/v1/system/host/findings');
  const rows = (table) => page.getByRole('table', { name: table }).locator('tbody tr');
  await rows('Promised').getByText('Memory', { exact: true }).waitFor();
  assert.equal(await rows('Promised').count(), Object.keys(resources).length);
  await rows('What the doctor finds').first().waitFor();
  assert.equal(await rows('What the doctor finds').count(), findings.length);
  await page.getByRole('button', { name: 'Examine again' }).click();
  await page.getByRole('button', { name: 'Examine again' }).waitFor();

  const name = `audited-${process.pid}`;
  const made = await api('POST', '/tokens', { name, role: 'viewer', ttl: '1h' });
  await page.goto(`${base}/tokens`);
  await page.getByRole('row', { name: new RegExp(name) }).getByRole('button', { name: 'Revoke' }).click();
  const dialog = page.getByRole('dialog');
  assert.equal(await dialog.getByRole('button', { name: 'Revoke' }).isDisabled(), true);
  await dialog.getByText('Same as curl').click();
  assert.match(await dialog.locator('pre').innerText(), new RegExp(`curl -X DELETE [^]*/tokens/${made.id}'`));
  await picture(page, 'token-revoke');
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name);
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: new RegExp(name) }).waitFor({ state: 'detached' });

  await page.route(/\/audit\?/, async (request) => {
    await page.getByRole('searchbox', { name: 'Object' }).fill(made.id);
    await request.continue(); // what was typed before the entries came must stay
  }, { times: 1 });
  await page.goto(`${base}/audit`);
  await page.getByText('revokeToken').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`object=${made.id}`));
  const entries = page.getByRole('table', { name: 'Audit' }).locator('tbody tr');
  await page.waitForFunction(() => document.querySelectorAll('table[aria-label=Audit] tbody tr').length === 2);
  await entries.first().getByRole('button').click();
  const shown = JSON.parse(await page.locator('tr pre').innerText());
  assert.equal(shown.object.id, made.id);
  assert.equal(shown.outcome, 'success');
  await picture(page, 'audit-open');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export all as JSON lines' }).click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  assert.deepEqual(new Set(lines.map((line) => JSON.parse(line).object.id)), new Set([made.id]));
});

/** A receiver of webhooks that answers as it is told. */
async function receiver() {
  const received = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(heard.answer).end();
    });
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const heard = { answer: 204, received, url: `http://127.0.0.1:${server.address().port}/berth`, close: () => server.close() };
  return heard;
}

await scenario('webhooks: made, tried, delivered again, deleted', async (page) => {
  const heard = await receiver();
  try {
    await signIn(page);
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
    await picture(page, 'webhooks-empty');
    await page.getByRole('button', { name: 'New webhook' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'New webhook' });
    await dialog.getByLabel('Address').fill(heard.url);
    await dialog.getByLabel('Description').fill('tells the pager');
    await dialog.getByLabel('container.*').check();
    await dialog.getByLabel('container.created').uncheck();
    await picture(page, 'webhook-new');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const secret = (await dialog.getByLabel('Signing key').innerText()).trim();
    await picture(page, 'webhook-secret');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('link', { name: heard.url }).click();

    await page.getByRole('button', { name: 'Send a ping' }).click();
    const row = page.getByRole('table', { name: 'Deliveries' }).getByRole('row', { name: /webhook\.ping/ }).first();
    await row.getByText('succeeded').waitFor();
    await page.getByText('never', { exact: true }).waitFor({ state: 'detached' });
    const { headers, body } = heard.received[0];
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
    assert.equal(headers['webhook-signature'], `v1,${createHmac('sha256', key).update(signed).digest('base64')}`);

    heard.answer = 500;
    await row.getByRole('button', { name: 'Redeliver' }).click();
    await row.getByText('500', { exact: true }).waitFor();
    await row.getByRole('button', { expanded: false }).click();
    await picture(page, 'webhook');
    assert.equal(heard.received.length, 2);

    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
    await page.getByRole('button', { name: 'Enable' }).waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    const host = new URL(heard.url).host;
    await page.getByLabel(`Type ${host} to confirm`).fill(host);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
  } finally {
    heard.close();
    for (const each of (await api('GET', '/webhooks')).items) await api('DELETE', `/webhooks/${each.id}`);
  }
});

await scenario('credentials for a registry, and an image that is not deleted by a click', async (page) => {
  await signIn(page);
  await page.goto(`${base}/images`);
  await page.getByRole('button', { name: 'Store credentials' }).click();
  const dialog = page.getByRole('dialog', { name: 'Store credentials' });
  await dialog.getByLabel('Registry').fill('registry.example.com:5000');
  await dialog.getByLabel('User name').fill('ci');
  await dialog.getByLabel('Password or token').fill('open-sesame');
  await picture(page, 'registry-store');
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: 'registry.example.com:5000', exact: true }).waitFor();
  assert.doesNotMatch(await page.content(), /open-sesame/);
  await picture(page, 'registries');
  await page.getByRole('button', { name: 'Forget registry.example.com:5000' }).click();
  await page.getByLabel('Type registry.example.com:5000 to confirm').fill('registry.example.com:5000');
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name: 'registry.example.com:5000', exact: true }).waitFor({ state: 'detached' });

  await page.getByRole('button', { name: /^Delete \S*busybox/ }).first().click();
  const question = page.getByRole('dialog');
  assert.equal(await question.getByRole('button', { name: 'Delete', exact: true }).isDisabled(), true);
  await picture(page, 'image-delete');
});

await finish();
