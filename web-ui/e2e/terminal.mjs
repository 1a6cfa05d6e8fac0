// Terminals as a person sees them, and as the server sent them.
import { base, until } from './browser.mjs';

const PANES = '.terminal-panes:not([hidden])';

/** The text of the terminal in sight. */
export async function screen(page) {
  return page.evaluate((panes) => {
    const rows = document.querySelector(panes)?.querySelectorAll('.xterm-rows > div') ?? [];
    return [...rows].map((row) => row.textContent.replace(/\u00a0/g, ' ').trimEnd()).join('\n');
  }, PANES);
}

export async function awaitScreen(page, pattern, milliseconds) {
  let seen = '';
  try {
    return await until(
      `${pattern}`,
      async () => {
        seen = await screen(page);
        return pattern.exec(seen);
      },
      milliseconds,
    );
  } catch (failure) {
    throw new Error(`${failure.message}; the screen shows:\n${seen}`);
  }
}

export async function openTerminal(page, container) {
  await page.goto(`${base}/containers/${container.name}/terminal`);
  await awaitScreen(page, /[#$] ?$/m);
  await focus(page);
}

export async function focus(page) {
  await page.locator(`${PANES} .xterm-helper-textarea`).first().focus();
}

/** All that the terminal remembers, by scrolling through it as a person would: from the first line to the last. */
export async function everything(page) {
  const scroll = async (key) => {
    const before = await screen(page);
    await page.keyboard.press(key);
    await page.waitForTimeout(25);
    return before !== (await screen(page));
  };
  await page.keyboard.press('Shift+Home');
  while (await scroll('Shift+PageUp'));
  let text = await screen(page);
  while (await scroll('Shift+PageDown')) text = joined(text, await screen(page));
  return text;
}

/** Two looks at the same lines, of which the second begins within the first. */
function joined(above, below) {
  const lines = above.split('\n');
  const next = below.split('\n');
  for (let common = Math.min(lines.length, next.length); common > 0; common -= 1) {
    if (lines.slice(-common).join('\n') === next.slice(0, common).join('\n')) return [...lines, ...next.slice(common)].join('\n');
  }
  return [...lines, ...next].join('\n');
}

const STDOUT = 1;
const NOTICE = 5;

/** Records what the server sends to a page: a list of streams, each with its output and the offset it begins at. */
export function recorded(page) {
  const streams = [];
  page.on('websocket', (socket) => {
    const stream = { offset: 0, parts: [], text: () => Buffer.concat(stream.parts).toString('utf8') };
    streams.push(stream);
    socket.on('framereceived', ({ payload }) => {
      const bytes = Buffer.from(payload);
      if (bytes[0] === STDOUT) stream.parts.push(bytes.subarray(1));
      if (bytes[0] === NOTICE) stream.offset = JSON.parse(bytes.subarray(1).toString()).offset ?? stream.offset;
    });
  });
  return streams;
}

/** How many pixels of the page have exactly this colour, in a browser's own reading of its picture. */
export async function pixels(page, [red, green, blue]) {
  const shot = await page.screenshot();
  const reader = await page.context().newPage();
  try {
    return await reader.evaluate(
      async ([base64, colour]) => {
        const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        canvas.drawImage(bitmap, 0, 0);
        const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
        let found = 0;
        for (let at = 0; at < data.length; at += 4) {
          if (data[at] === colour[0] && data[at + 1] === colour[1] && data[at + 2] === colour[2]) found += 1;
        }
        return found;
      },
      [shot.toString('base64'), [red, green, blue]],
    );
  } finally {
    await reader.close();
  }
}
