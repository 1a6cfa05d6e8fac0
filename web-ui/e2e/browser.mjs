// What every end-to-end scenario uses: a real Chromium, a signed-in page, requests to the server beside it.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

export const base = required('BERTH_URL');
export const token = process.env['BERTH_TOKEN'] ?? '';
const pictures = process.env['BERTH_SCREENSHOTS'];
if (pictures) await mkdir(pictures, { recursive: true });

export function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: see CONTRIBUTING.md`);
  return value;
}

const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Without WebGL, terminals are drawn into the DOM, where their text can be read; with it, the processor draws. */
const WITHOUT_WEBGL = ['--disable-gpu', '--disable-webgl', '--disable-3d-apis'];
const WITH_WEBGL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

const browsers = new Map();

async function browser(webgl) {
  if (!browsers.has(webgl)) {
    const launched = await chromium.launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      headless: true,
      args: [...FLAGS, ...(webgl ? WITH_WEBGL : WITHOUT_WEBGL)],
    });
    browsers.set(webgl, launched);
  }
  return browsers.get(webgl);
}

/** What a browser logs by itself when a request is refused or a connection breaks, which scenarios bring about. */
const EXPECTED = /Failed to load resource|WebSocket connection/;

/** Runs a scenario with cookies and storage of its own; fails if the page logged an error or asked a stranger for anything. */
export async function scenario(name, run, { webgl = false, allowed = [], ...options } = {}) {
  const context = await (await browser(webgl)).newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    ...options,
  });
  const errors = [];
  context.on('request', (request) => {
    const known = [base, ...allowed].some((each) => request.url().startsWith(each));
    if (!known && !/^(data|blob|about):/.test(request.url())) errors.push(`asked ${request.url()}`);
  });
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('console', (message) => {
    const own = !allowed.some((each) => message.location().url.startsWith(each));
    if (own && message.type() === 'error' && !EXPECTED.test(message.text())) errors.push(message.text());
  });
  const started = Date.now();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    try {
      await run(page, context);
    } catch (failure) {
      await picture(page, `failed-${name.replaceAll(/\W+/g, '-')}`);
      throw failure;
    }
    assert.deepEqual(errors, [], 'errors of the page');
    console.log(`ok ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  } catch (failure) {
    await finish();
    throw failure;
  } finally {
    await context.close();
  }
}

/** Ends what the scenarios started; at the end of each script. */
export async function finish() {
  lines.close();
  process.stdin.unref?.();
  await Promise.all([...browsers.values()].map((each) => each.close()));
  browsers.clear();
}

export async function signIn(page, path = '/', as = token) {
  await page.goto(base + path);
  await page.getByLabel('API token').fill(as);
  const button = page.getByRole('button', { name: 'Sign in', exact: true });
  await button.click();
  const broken = page.getByText('Not reachable:');
  await page.getByRole('main').or(broken).first().waitFor();
  // Chromium breaks requests off when the host's interfaces change, as they do when a container starts
  if (await broken.isVisible()) await button.click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

export async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** A request to the API as a program makes it; the path is the tenant's, or the whole one. */
export async function api(method, path, body) {
  const response = await fetch(path.startsWith('/api/') ? base + path : `${base}/api/v1/tenants/default${path}`, {
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

export async function until(what, condition, milliseconds = 20_000) {
  const end = Date.now() + milliseconds;
  let last;
  do {
    last = await condition();
    if (last) return last;
    await new Promise((wake) => setTimeout(wake, 20));
  } while (Date.now() < end);
  throw new Error(`waited in vain for ${what}`);
}

const lines = createInterface({ input: process.stdin });

/** Asks whoever runs this to do something to the server, such as to kill and start it. */
export async function control(order) {
  console.log(`## ${order}`);
  const [answer] = await new Promise((resolve) => lines.once('line', (line) => resolve([line])));
  assert.equal(answer, 'done');
}
