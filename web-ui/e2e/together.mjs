// Two people at once: two viewers of one shell, and an administrator who changes what a tenant may use.
import assert from 'node:assert/strict';
import { api, base, finish, picture, scenario, signIn, withContainer } from './browser.mjs';
import { awaitScreen, focus, openTerminal, screen } from './terminal.mjs';

await withContainer({}, async (container) => {
  await scenario('two viewers, one writer', async (first, context) => {
    await signIn(first);
    await openTerminal(first, container);
    const second = await context.newPage();
    await second.goto(`${base}/containers/${container.name}/terminal`);
    await second.getByText('You are watching: you type in another window').waitFor();
    await first.getByText('1 other is here').waitFor();

    await focus(second);
    await second.keyboard.type('echo typed by a vie""wer\n');
    await first.keyboard.type('echo from the fi""rst\n');
    await awaitScreen(second, /^from the first$/m);
    await awaitScreen(first, /^from the first$/m);
    assert.doesNotMatch(await screen(first), /viewer|vie""wer/, 'who watches writes nothing');
    await picture(second, 'terminal-viewer');

    await second.getByRole('button', { name: 'Take over' }).click();
    await first.getByText('You are watching').waitFor();
    await focus(second);
    await second.keyboard.type('echo from the se""cond\n');
    await awaitScreen(first, /^from the second$/m);
    assert.equal((await screen(second)).match(/^from the first$/gm)?.length, 1, 'the takeover repeats nothing');
    await picture(first, 'terminal-taken-over');
    await second.close();
    await first.getByText('You are watching: nobody types').waitFor();
    await first.getByRole('button', { name: 'Type here' }).click();

    const colleague = await api('POST', '/tokens', { name: 'carla-of-support', role: 'member', ttl: '1h' });
    const elsewhere = await context.browser().newContext();
    const third = await elsewhere.newPage();
    await signIn(third, '/', colleague.token);
    await third.goto(`${base}/containers/${container.name}/terminal`);
    const takeOver = third.getByRole('button', { name: /^Take over from \S/ });
    await takeOver.waitFor();
    await first.getByText('1 other is here').click();
    await first.getByRole('list', { name: 'Who else is here' }).getByText('carla-of-support').waitFor();
    await picture(first, 'terminal-people');
    await picture(third, 'terminal-viewer-named');
    await takeOver.click();
    await first.getByText('You are watching: carla-of-support types.').waitFor();
    await first.getByRole('button', { name: 'Take over from carla-of-support' }).waitFor();
    await elsewhere.close();
    await api('DELETE', `/tokens/${colleague.id}`);
  });
});

try {
  await api('PUT', '/quota', { cpus: 2, memory: '512MiB', pids: 200, containers: 10 });
  await withContainer({ resources: { memory: '64MiB', cpus: 0.5, pids: 32 } }, async () => {
    await scenario('a quota that is halved shows at once', async (page, context) => {
      await signIn(page);
      await page.goto(`${base}/usage`);
      const memory = page.getByRole('row', { name: /^Memory/ }).first();
      await memory.getByText('512 MiB', { exact: true }).waitFor();
      await picture(page, 'usage-before');

      const administrator = await context.newPage();
      await administrator.goto(`${base}/platform/tenants/default`);
      const field = administrator.getByLabel('Memory', { exact: true });
      await field.fill('256 MiB');
      const [saved] = await Promise.all([
        administrator.waitForResponse((response) => response.request().method() === 'PATCH'),
        administrator.getByRole('button', { name: 'Save' }).click(),
      ]);
      assert.equal(saved.status(), 200);
      // the page looks by itself only every 5 s: this is the event
      await memory.getByText('256 MiB', { exact: true }).waitFor({ timeout: 1500 });
      await picture(page, 'usage-after');
      await picture(administrator, 'tenant-quota');
    });
  });
} finally {
  await api('PUT', '/quota', {});
}

await finish();
