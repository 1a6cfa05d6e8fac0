// Sign-in at a real Keycloak, by its own form, and what its groups allow in the console.
import assert from 'node:assert/strict';
import { base, finish, picture, required, scenario } from './browser.mjs';

const provider = required('KEYCLOAK_URL');

async function signInAs(page, user, password = user) {
  await page.locator('#username').fill(user);
  await page.locator('#password').fill(password);
  await page.locator('#kc-login').click();
}

await scenario('an owner signs in at Keycloak and comes back to the place', async (page) => {
  await page.goto(`${base}/images`);
  await page.getByRole('link', { name: 'Sign in with single sign-on' }).click();
  await page.locator('#username').waitFor();
  assert.ok(page.url().startsWith(provider), page.url());
  await picture(page, 'keycloak');
  await signInAs(page, 'alice', 'wrong');
  await page.getByText('Invalid username or password').first().waitFor();
  await signInAs(page, 'alice');
  await page.getByRole('heading', { name: 'Images', exact: true }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/images');
  await page.getByText('alice', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Audit' }).waitFor();
  await picture(page, 'keycloak-signed-in');
  await page.reload();
  await page.getByRole('heading', { name: 'Images', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API token').waitFor();
  await page.reload();
  await page.getByLabel('API token').waitFor();
}, { allowed: [provider] });

await scenario('a viewer sees, and is offered nothing else', async (page) => {
  await page.goto(base);
  await page.getByRole('link', { name: 'Sign in with single sign-on' }).click();
  await signInAs(page, 'carol');
  await page.getByRole('heading', { name: 'Containers', exact: true }).waitFor();
  await page.getByText('carol', { exact: true }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'New container' }).count(), 0);
  assert.equal(await page.getByRole('link', { name: 'Audit' }).count(), 0);
  assert.equal(await page.getByRole('link', { name: 'Tenants' }).count(), 0);
}, { allowed: [provider] });

await finish();
