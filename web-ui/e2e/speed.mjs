// How fast the console is, measured in a browser in front of a running server: see "Speed" in CONTRIBUTING.md.
//   node e2e/speed.mjs --url URL --token-file FILE [--json]
// It makes containers of the tenant "default" for the time of the measurement. Exits with 1 if a bound is broken.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const { values: options } = parseArgs({ options: { url: text, 'token-file': text, json: { type: 'boolean', default: false } } });
if (!options.url || !options['token-file']) {
  console.error('which server? --url URL --token-file FILE');
  process.exit(2);
}
process.env['BERTH_URL'] = options.url.replace(/\/$/, '');
process.env['BERTH_TOKEN'] = readFileSync(resolve(process.env['BERTH_CWD'] ?? '', options['token-file']), 'utf8').trim();
const { base, finish, scenario, signIn, until, withContainer } = await import('./browser.mjs');
const { awaitScreen, openTerminal, screen } = await import('./terminal.mjs');

const figures = [];

/** @param bound the figure must be below it */
function figure(name, value, unit, bound, note = '') {
  figures.push({ name, value: Math.round(value * 10) / 10, unit, bound, ok: value < bound, note });
}

const percentile = (values, share) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

/** Counts in the page, until asked: tasks that blocked it for more than 50 ms, and the longest time between two frames. */
async function watchFrames(page) {
  await page.evaluate(() => {
    const watched = { tasks: [], gaps: [], last: performance.now(), on: true };
    globalThis.watched = watched;
    new PerformanceObserver((list) => watched.tasks.push(...list.getEntries().map((each) => each.duration))).observe({ type: 'longtask' });
    const frame = (now) => {
      watched.gaps.push(now - watched.last);
      watched.last = now;
      if (watched.on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  return () =>
    page.evaluate(() => {
      globalThis.watched.on = false;
      return { longest: Math.max(0, ...globalThis.watched.tasks), gaps: globalThis.watched.gaps.slice(1) };
    });
}

const quiet = console.log;
console.log = () => {};

await scenario('first load', async (page, context) => {
  await signIn(page);
  const cold = await context.browser().newContext({ storageState: await context.storageState() });
  try {
    const first = await cold.newPage();
    const debug = await cold.newCDPSession(first);
    await debug.send('Network.enable');
    let received = 0;
    debug.on('Network.loadingFinished', (each) => (received += each.encodedDataLength));
    await first.goto(`${base}/containers`);
    await first.getByRole('heading', { name: 'Containers', exact: true }).waitFor();
    // from the start of the navigation to a page that shows its content and takes a click
    const interactive = await first.evaluate(
      () => new Promise((shown) => requestAnimationFrame(() => setTimeout(() => shown(performance.now()), 0))),
    );
    await first.waitForTimeout(500);
    figure('first load, compressed, before the terminal', received / 1000, 'KB', 250);
    figure('time to interactive, empty cache', interactive, 'ms', 1000);
  } finally {
    await cold.close();
  }
});

await scenario('1,000 containers', async (page) => {
  await signIn(page);
  const template = { tenant: 'default', image: 'busybox', imageDigest: `sha256:${'0'.repeat(64)}`, state: 'running', desiredState: 'running', tty: false, resources: { cpus: 0.5, memory: 67108864 }, labels: { app: 'demo' }, command: ['sleep', 'infinity'], createdAt: '2026-01-01T00:00:00Z', startedAt: '2026-01-01T00:00:00Z', address: '10.64.0.9', restartPolicy: { name: 'no' } };
  const items = Array.from({ length: 1000 }, (_, index) => ({ ...template, id: `ctr_${String(index).padStart(26, '0')}`, name: `container-${index}` }));
  // the list alone is played; making a thousand containers would measure the host
  await page.route('**/api/v1/tenants/default/containers?*', (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
    return route.fulfill({ json: { items: items.slice(from, from + 200), ...(from + 200 < items.length && { next: String(from + 200) }) } });
  });
  await page.goto(`${base}/containers`);
  await page.locator('table[aria-rowcount="1001"]').waitFor();
  await page.mouse.move(700, 500);
  const stop = await watchFrames(page);
  for (let turn = 0; turn < 150; turn += 1) {
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(16);
  }
  const { longest, gaps } = await stop();
  figure('scroll of 1,000 containers (played list), longest task', longest, 'ms', 50);
  figure('scroll of 1,000 containers, p95 between two frames', percentile(gaps, 0.95), 'ms', 34, `${gaps.length} frames`);
});

await withContainer({ resources: { memory: '256MiB' } }, async (container) => {
  await scenario('typing', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    // from the key to the glyph in the page: through the server, the shell's echo, and back
    const times = await page.evaluate(async () => {
      const area = document.querySelector('.xterm-helper-textarea');
      const rows = document.querySelector('.xterm-rows');
      const glyphs = () => rows.textContent.split('x').length;
      const all = [];
      for (let round = 0; round < 60; round += 1) {
        const before = glyphs();
        const start = performance.now();
        const key = { key: 'x', code: 'KeyX', keyCode: 88, which: 88, bubbles: true, cancelable: true };
        area.dispatchEvent(new KeyboardEvent('keydown', key));
        area.dispatchEvent(new KeyboardEvent('keyup', key));
        await new Promise((shown) => {
          const look = () => (glyphs() > before ? shown() : setTimeout(look, 0));
          look();
        });
        all.push(performance.now() - start);
        await new Promise((wake) => setTimeout(wake, 30));
      }
      return all;
    });
    await page.keyboard.press('Control+c');
    figure('key to glyph, p50 of 60', percentile(times, 0.5), 'ms', 20, `p95 ${percentile(times, 0.95).toFixed(1)} ms`);
  });

  await scenario('100 MB', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    await page.keyboard.type('clear; i=0; while [ $i -lt 100 ]; do i=$((i+1)); yes "a line of seventy characters, as a program that logs much would do" | head -c 1000000; done > /tmp/big; ls -l /tmp/big; echo re""ady\n');
    await awaitScreen(page, /100000000 [^]*^ready$/m, 60_000);
    const stop = await watchFrames(page);
    const started = Date.now();
    await page.keyboard.type('cat /tmp/big; echo do""ne\n');
    await awaitScreen(page, /^(?:.*would do?)?.*done\n.*[#$] ?$/m, 60_000);
    const seconds = (Date.now() - started) / 1000;
    const { longest, gaps } = await stop();
    figure('cat of 100 MB', seconds, 's', 15, `longest task ${longest.toFixed(0)} ms`);
    figure('frames during it, p95 between two', percentile(gaps, 0.95), 'ms', 100, `${gaps.length} frames`);

    const stops = [];
    for (let round = 0; round < 5; round += 1) {
      await page.keyboard.type('clear; yes\n');
      await awaitScreen(page, /^y\ny$/m);
      await page.waitForTimeout(1000);
      // from the key to the prompt on the screen
      stops.push(
        await page.evaluate(async () => {
          const area = document.querySelector('.xterm-helper-textarea');
          const rows = document.querySelector('.xterm-rows');
          const start = performance.now();
          area.dispatchEvent(new KeyboardEvent('keydown', { key: 'c', code: 'KeyC', keyCode: 67, which: 67, ctrlKey: true, bubbles: true, cancelable: true }));
          await new Promise((shown) => {
            const look = () => (/[#$]\s*$/.test(rows.textContent.replaceAll('\u00a0', ' ').trimEnd()) ? shown() : setTimeout(look, 0));
            look();
          });
          return performance.now() - start;
        }),
      );
    }
    figure('ctrl-c ends `yes`, p50 of 5', percentile(stops, 0.5), 'ms', 100, `slowest ${Math.max(...stops).toFixed(0)} ms`);
    await until('a prompt', async () => /[#$] ?$/.test(await screen(page)));
  });
});

await finish();
console.log = quiet;
if (options.json) console.log(JSON.stringify(figures));
else for (const { name, value, unit, bound, ok, note } of figures) console.log(`${ok ? 'ok  ' : 'OVER'} ${name}: ${value} ${unit} (< ${bound})${note && `, ${note}`}`);
process.exitCode = figures.every((each) => each.ok) ? 0 : 1;
