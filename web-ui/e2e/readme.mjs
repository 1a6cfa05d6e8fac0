// The pictures of README.md, in docs/images: BERTH_SCREENSHOTS says where to. By hand, in front of a server without containers.
import { api, base, finish, picture, scenario, signIn } from './browser.mjs';
import { awaitScreen, openTerminal } from './terminal.mjs';

const BUSY = 'while :; do i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; sleep 0.3; done';
const shell = (script) => ['sh', '-c', script];
const CONTAINERS = [
  { name: 'migrate', command: shell('echo done'), resources: { cpus: 0.25, memory: '32MiB', pids: 16 } },
  { name: 'worker-2', command: shell(BUSY), resources: { cpus: 0.25, memory: '96MiB', pids: 32 } },
  { name: 'worker-1', command: shell(BUSY), resources: { cpus: 0.25, memory: '96MiB', pids: 32 } },
  { name: 'cache', command: shell('dd if=/dev/zero of=/dev/shm/data bs=1M count=40; sleep 9999'), resources: { cpus: 0.25, memory: '64MiB', pids: 16 } },
  { name: 'api', command: shell(BUSY), resources: { cpus: 0.5, memory: '128MiB', pids: 64 } },
  { name: 'web', command: ['httpd', '-f', '-p', '8080'], resources: { cpus: 0.25, memory: '64MiB', pids: 32 } },
];
const RAINBOW =
  'clear; echo "24-bit colours:"; i=0; while [ $i -lt 76 ]; do printf "\\033[48;2;%d;%d;%dm " $((255-i*3)) $((i*3)) $((120+i)); i=$((i+1)); done; printf "\\033[0m\\n"; echo "ünïcode ├─┤ λ → ✓"; id; hostname; stty size; echo; top -b -n1\n';

try {
  await api('PUT', '/quota', { cpus: 2, memory: '512MiB', pids: 256, containers: 8, runningContainers: 6, execSessions: 4 });
  for (const each of CONTAINERS) await api('POST', '/containers', { image: 'busybox', init: true, ...each });
  await scenario('readme', async (page) => {
    await signIn(page);
    await page.goto(`${base}/containers/web/terminal`);
    await openTerminal(page, { name: 'web' });
    await page.keyboard.type(RAINBOW);
    await awaitScreen(page, /PID +PPID/);
    await page.waitForTimeout(500);
    await picture(page, 'terminal');
    await page.goto(`${base}/containers`);
    await page.getByText('migrate').first().waitFor();
    await page.waitForTimeout(500);
    await picture(page, 'containers');
    await page.goto(`${base}/usage`);
    await page.waitForTimeout(3000);
    await picture(page, 'usage');
  }, { viewport: { width: 1120, height: 640 } });
} finally {
  for (const { name } of CONTAINERS) await api('DELETE', `/containers/${name}?force=true`).catch(() => {});
  await api('PUT', '/quota', {});
}

await finish();
