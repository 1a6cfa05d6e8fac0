// A shell in the browser: a full-screen program, resize, unicode, reload, flood, a second viewer, a server that is killed.
import assert from 'node:assert/strict';
import { awaitScreen, base, control, finish, openTerminal, picture, scenario, screen, signIn, until, withContainer } from './browser.mjs';

await withContainer({}, async (container) => {
  await scenario('full screen program, unicode and resize', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    await page.keyboard.type('vi /tmp/x\n');
    await awaitScreen(page, /^~\n~/m);
    await page.keyboard.type('ihéllo wörld 日本語 \u{1f680}');
    await page.keyboard.press('Escape');
    await awaitScreen(page, /héllo wörld 日本語/);
    await picture(page, 'terminal-vi');
    await page.keyboard.type(':wq\n');
    await awaitScreen(page, /[#$] ?$/m);
    await page.keyboard.type('cat /tmp/x; stty size\n');
    const [, rows, columns] = await awaitScreen(page, /\n(\d+) (\d+)\n/);

    await page.setViewportSize({ width: 900, height: 500 });
    await page.waitForTimeout(400);
    await page.keyboard.type('clear; stty size\n');
    const smaller = await awaitScreen(page, /(\d+) (\d+)\n/);
    assert.ok(Number(smaller[1]) < Number(rows) && Number(smaller[2]) < Number(columns), `${smaller[0]} after ${rows} ${columns}`);
  });
});

await withContainer({}, async (container) => {
  await scenario('reload in the middle of output', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    await page.keyboard.type('i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo n$i; done; echo finished\n');
    await awaitScreen(page, /n\d+/);
    await page.reload();
    await awaitScreen(page, /^finished$/m, 60_000);
    const numbers = [...(await screen(page)).matchAll(/^n(\d+)$/gm)].map((each) => Number(each[1]));
    assert.ok(numbers.length > 10);
    numbers.forEach((each, index) => assert.equal(each, 3000 - numbers.length + 1 + index));
  });

  await scenario('a flood stays usable and ctrl-c works', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    await page.keyboard.type('yes flood\n');
    await awaitScreen(page, /^flood\nflood$/m);
    await page.waitForTimeout(1500);
    await page.keyboard.press('Control+c');
    await page.keyboard.type('echo al""ive\n');
    await awaitScreen(page, /^alive$/m);
  });

  await scenario('two viewers, one writer', async (first, context) => {
    await signIn(first);
    await openTerminal(first, container);
    const second = await context.newPage();
    await second.goto(`${base}/containers/${container.name}/terminal`);
    await second.getByText('another client').or(second.getByText('You are watching')).or(second.getByRole('button', { name: 'Take over' })).first().waitFor();
    await first.keyboard.type('echo from the first\n');
    await awaitScreen(second, /^from the first$/m);
    await picture(second, 'terminal-viewer');
    await second.getByRole('button', { name: 'Take over' }).first().click();
    await first.getByRole('button', { name: 'Take over' }).first().waitFor();
    await second.locator('.xterm-helper-textarea').first().focus();
    await second.keyboard.type('echo from the second\n');
    await awaitScreen(first, /^from the second$/m);
  });

  await scenario('the server is killed and comes back', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    await page.keyboard.type('mine=before; echo re""ady\n');
    await awaitScreen(page, /^ready$/m);
    await control('kill');
    await page.getByText('The connection was lost').waitFor();
    await picture(page, 'terminal-lost');
    await control('start');
    await until('the terminal', async () => (await page.locator('[data-state=open]').count()) > 0, 60_000);
    await page.locator('.xterm-helper-textarea').first().focus();
    await page.keyboard.type('echo $mine and after\n');
    await awaitScreen(page, /^before and after$/m);
    assert.equal((await screen(page)).match(/^ready$/gm)?.length, 1, 'nothing repeated');
  });

  await scenario('the end of a shell', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    await page.getByRole('button', { name: 'New shell' }).click();
    await page.getByRole('button', { name: 'Shell 2', exact: true }).waitFor();
    await awaitScreen(page, /[#$] ?$/m);
    await page.keyboard.type('exit 7\n');
    await page.getByText('exit code 7').waitFor();
    await picture(page, 'terminal-ended');
  });
});

finish();
