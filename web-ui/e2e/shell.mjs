// A shell in the browser: full-screen programs, resize, unicode, reload, flood, a server that is killed.
import assert from 'node:assert/strict';
import { api, control, finish, picture, scenario, signIn, until, withContainer } from './browser.mjs';
import { awaitScreen, everything, focus, openTerminal, recorded, screen } from './terminal.mjs';

const COUNT = 1500;
/** Takes about two seconds, so that something can happen in the middle. */
const COUNTER = `i=0; while [ $i -lt ${COUNT} ]; do i=$((i+1)); echo n$i; [ $((i%50)) = 0 ] && sleep 0.06; done; echo finis""hed\n`;
const NUMBERS = Array.from({ length: COUNT }, (_, index) => `n${index + 1}`);
const SENT = [...NUMBERS, 'finished', ''].join('\r\n');

await withContainer({}, async (container) => {
  await scenario('full screen program and resize', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    await page.keyboard.type('echo be""fore\n');
    await awaitScreen(page, /^before$/m);
    await page.keyboard.type('vi /tmp/x\n');
    await awaitScreen(page, /^~\n~/m);
    assert.doesNotMatch(await screen(page), /before/, 'vi has the screen for itself');
    await page.keyboard.type('ifirst line');
    await page.keyboard.press('Enter');
    await page.keyboard.type('second');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    await page.keyboard.type('the ');
    await page.keyboard.press('Escape');
    await awaitScreen(page, /^the first line\nsecond\n~/);
    await picture(page, 'terminal-vi');
    await page.keyboard.type(':wq\n');
    await awaitScreen(page, /[#$] ?$/m);
    await page.keyboard.type('clear; cat /tmp/x; stty size\n');
    const [, rows, columns] = await awaitScreen(page, /^the first line\nsecond\n(\d+) (\d+)$/m);
    assert.equal(Number(rows), (await screen(page)).split('\n').length, 'the rows of the shell are those on the screen');

    await page.setViewportSize({ width: 900, height: 500 });
    const smaller = await until('the new size', async () => {
      await page.keyboard.type('clear; stty size\n');
      const seen = await awaitScreen(page, /^(\d+) (\d+)$/m);
      return Number(seen[1]) < Number(rows) && Number(seen[2]) < Number(columns) && seen;
    });
    assert.equal(Number(smaller[1]), (await screen(page)).split('\n').length);
  });

  await scenario('wide and combining characters', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    // the program asks where the cursor is: 2 + 2 + 1 + 2 cells, and so the eighth column
    await page.keyboard.type('stty -echo -icanon; printf "\\033[2J\\033[H日本e\u0301\u{1f680}\\033[6n"; p=$(dd bs=1 count=6 2>/dev/null | tr -d "\\033"); stty sane; echo; echo "at $p"\n');
    await awaitScreen(page, /^at \[1;8R$/m);
    assert.match(await screen(page), /^日本e\u0301\u{1f680}$/mu);
    // the shell's own line editing deletes characters, not bytes
    await page.keyboard.type('echo añ日');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('z\n');
    await awaitScreen(page, /^az$/m);
    await picture(page, 'terminal-unicode');
  });
});

await withContainer({}, async (container) => {
  await scenario('reload in the middle of output', async (page) => {
    const streams = recorded(page);
    await signIn(page);
    await openTerminal(page, container);
    await page.keyboard.type(COUNTER);
    await awaitScreen(page, /n300\n/);
    await page.reload();
    await awaitScreen(page, /^finished$/m, 60_000);
    const [before, after] = [streams.at(0), streams.at(-1)];
    assert.ok(!before.text().includes('finished'), 'the reload came in the middle');
    assert.ok(after.text().startsWith(before.text()), 'what was seen before comes again, byte for byte');
    assert.ok(after.text().includes(SENT), 'nothing is lost or repeated');
    const shown = await everything(page);
    assert.ok(shown.includes([...NUMBERS, 'finished'].join('\n')), `on the screen neither: ${shown}`);
  });
});

await withContainer({}, async (container) => {
  await scenario('the server is killed and comes back', async (page) => {
    const streams = recorded(page);
    await signIn(page);
    await openTerminal(page, container);
    await page.keyboard.type('mine=kept; echo rea""dy\n');
    await awaitScreen(page, /^ready\n.*[#$] ?$/m);
    await page.keyboard.type(COUNTER);
    await awaitScreen(page, /n300\n/);
    await control('kill');
    await page.getByText('The connection was lost').waitFor();
    await picture(page, 'terminal-lost');
    await control('start');
    await page.locator('[data-state=open]').waitFor({ timeout: 60_000 });
    await awaitScreen(page, /^finished$/m);
    const received = streams.map((each) => each.text());
    assert.ok(received.length > 1 && !received[0].includes('finished'), 'the kill came in the middle');
    assert.ok(received.join('').includes(SENT), 'what came before and after is the whole, once');
    await focus(page);
    await page.keyboard.type('echo $mine and go""ing on\n');
    await awaitScreen(page, /^kept and going on$/m);
  });

  await scenario('a flood stays usable and ctrl-c works', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    await page.keyboard.type('yes flood\n');
    await awaitScreen(page, /^flood\nflood$/m);
    await page.waitForTimeout(1000);
    await page.keyboard.press('Control+c');
    await page.keyboard.type('echo al""ive\n');
    await awaitScreen(page, /^alive$/m);
  });

  await scenario('the end of a shell', async (page) => {
    await signIn(page);
    await openTerminal(page, container);
    await page.getByRole('button', { name: 'New shell' }).click();
    await page.getByRole('button', { name: 'Shell 2', exact: true }).waitFor();
    await awaitScreen(page, /[#$] ?$/m);
    await focus(page);
    assert.equal(await page.locator('.xterm:visible').count(), 1, 'one tab shows at a time');
    await page.keyboard.type('exit 7\n');
    await page.getByText('exit code 7').waitFor();
    await picture(page, 'terminal-ended');
    const running = async () => (await api('GET', `/containers/${container.id}/execs`)).items.filter((each) => each.state === 'running');
    await until('the end of the exec', async () => (await running()).length === 1);
  });
});

await finish();
