// What every end-to-end scenario uses: a real Chromium, a signed-in page, requests to the server beside it.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

export const base = required('BERTH_URL');
export const token = required('BERTH_TOKEN');
const pictures = process.env['BERTH_SCREENSHOTS'];

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: see CONTRIBUTING.md`);
  return value;
}

/** Terminals are drawn into the DOM, where their text can be read. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-webgl',
  '--disable-3d-apis',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs a scenario in a browser of its own; fails if the page logged an error or asked a stranger for anything. */
export async function scenario(name, run, options = {}) {
  const profile = await mkdtemp(join(tmpdir(), 'berth-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: FLAGS,
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    ...options,
  });
  const errors = [];
  context.on('request', (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob|about):/.test(request.url())) errors.push(`asked ${request.url()}`);
  });
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('console', (message) => {
    // a refused request is logged by the browser itself; scenarios that expect one say so
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text())) errors.push(message.text());
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(20_000);
    try {
      await run(page, context);
    } catch (failure) {
      await picture(page, `failed-${name}`);
      throw failure;
    }
    assert.deepEqual(errors, [], 'errors of the page');
    console.log(`ok ${name}`);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

export async function signIn(page, path = '/') {
  await page.goto(base + path);
  await page.getByLabel('API token').fill(token);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('navigation', { name: 'Menu' }).waitFor({ state: 'attached' });
}

export async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** A request to the API as a program makes it. */
export async function api(method, path, body) {
  const response = await fetch(`${base}/api/v1/tenants/default${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text && response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
}

let made = 0;

/** A container for the time of a test. */
export async function withContainer(spec, run) {
  const name = `console-${process.pid}-${(made += 1)}`;
  const container = await api('POST', '/containers', { image: 'busybox', command: ['sleep', 'infinity'], init: true, name, ...spec });
  try {
    await run(container);
  } finally {
    await api('DELETE', `/containers/${container.id}?force=true`).catch(() => {});
  }
}

/** The text of the terminal in sight. */
export async function screen(page) {
  return page.evaluate(() => {
    const pane = [...document.querySelectorAll('.terminal-panes')].find((each) => !each.hidden);
    return [...(pane?.querySelectorAll('.xterm-rows > div') ?? [])].map((row) => row.textContent.replace(/\u00a0/g, ' ').trimEnd()).join('\n');
  });
}

export async function until(what, condition, milliseconds = 20_000) {
  const end = Date.now() + milliseconds;
  let last;
  while (Date.now() < end) {
    last = await condition();
    if (last) return last;
    await new Promise((wake) => setTimeout(wake, 25));
  }
  throw new Error(`waited in vain for ${what}`);
}

export async function awaitScreen(page, pattern, milliseconds) {
  let seen = '';
  try {
    return await until(`${pattern}`, async () => {
      seen = await screen(page);
      return pattern.exec(seen);
    }, milliseconds);
  } catch (failure) {
    throw new Error(`${failure.message}; the screen shows:\n${seen}`);
  }
}

export async function openTerminal(page, container) {
  await page.goto(`${base}/containers/${container.name}/terminal`);
  await awaitScreen(page, /[#$] ?$/m);
  await page.locator('.terminal-panes:not([hidden]) .xterm-helper-textarea').first().focus();
}

const lines = createInterface({ input: process.stdin });

/** Asks whoever runs this to do something to the server, such as to kill and start it. */
export async function control(order) {
  console.log(`## ${order}`);
  const [answer] = await new Promise((resolve) => lines.once('line', (line) => resolve([line])));
  assert.equal(answer, 'done');
}

export function finish() {
  lines.close();
}
