// Sign-in at a real Keycloak, by its own form, and what its groups allow in the console.
import assert from 'node:assert/strict';
import { base, control, finish, picture, required, scenario } from './browser.mjs';

const provider = required('KEYCLOAK_URL');
const member = required('KEYCLOAK_MEMBER');
const organisation = required('BERTH_TENANT');

/** On one page; or on two, as Keycloak asks while it has an organisation. */
async function signInAs(page, user, password = user) {
  const button = page.locator('#kc-login');
  await page.locator('#username').fill(user);
  if (!(await page.locator('#password').isVisible())) await button.click();
  await page.locator('#password').fill(password);
  await button.click();
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

await control('organisation');

await scenario('a member of an organisation signs in on two pages, and is out when Keycloak says so', async (page) => {
  await page.goto(base);
  const signOn = page.getByRole('link', { name: 'Sign in with single sign-on' });
  await signOn.click();
  await page.locator('#username').waitFor();
  assert.equal(await page.locator('#password').isVisible(), false);
  await picture(page, 'keycloak-user-name');
  await signInAs(page, member);
  await page.getByRole('heading', { name: 'Containers', exact: true }).waitFor();
  assert.equal(await page.getByLabel('Tenant', { exact: true }).inputValue(), organisation);
  await control('log out');
  await page.reload();
  await page.getByLabel('API token').waitFor();
  await signOn.click();
  await page.locator('#username').waitFor();
}, { allowed: [provider] });

await scenario('who is in no organisation signs in as ever', async (page) => {
  await page.goto(base);
  await page.getByRole('link', { name: 'Sign in with single sign-on' }).click();
  await signInAs(page, 'alice');
  await page.getByRole('heading', { name: 'Containers', exact: true }).waitFor();
}, { allowed: [provider] });

await finish();
