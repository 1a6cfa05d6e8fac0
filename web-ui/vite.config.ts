import preact from '@preact/preset-vite';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vitest/config';

// The server under test or in development; the console itself knows no address but its own origin.
const server = process.env['BERTH_URL'] ?? 'http://127.0.0.1:8080';

/** The server sends what is compressed here, once and well, instead of compressing at each request. */
const compressed = {
  name: 'berth-compressed',
  writeBundle({ dir }: { dir?: string | undefined }, bundle: Record<string, unknown>) {
    for (const file of Object.keys(bundle)) {
      const path = join(dir ?? 'dist', file);
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
    }
  },
};

/**
 * xterm.js 6 uses the global document in two places instead of the one it was given (`documentOverride`), which is how the
 * Content-Security-Policy is kept: see strictDocument.ts. A version that reads otherwise fails the build, to be looked at.
 */
const xtermDocument = {
  name: 'berth-xterm-document',
  transform(code: string, id: string) {
    if (!id.includes('@xterm/xterm/lib/xterm.mjs')) return undefined;
    return [
      // rows of cells, which get style attributes
      [/(createInstance\([\w$]+),document\)/g, '$1,this._document)'],
      // `??` binds more tightly than `?:`, so this was always the global one: the scroll bar's style element
      [/this\._document\?\?typeof window<"u"\?window\.document:null/g, 'this._document'],
    ].reduce((patched, [found, instead]) => {
      const times = patched.match(found as RegExp)?.length ?? 0;
      if (times !== 1) throw new Error(`${id}: ${String(found)} is there ${times} times, not once`);
      return patched.replace(found as RegExp, instead as string);
    }, code);
  },
};

export default defineConfig({
  plugins: [preact({ prefreshEnabled: false }), xtermDocument, compressed],
  build: {
    target: 'es2022',
    sourcemap: false,
    // xterm.js is one of them, and is loaded when a terminal is opened
    chunkSizeWarningLimit: 600,
    // The Content-Security-Policy allows no inline script, style or data: font.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': { target: server, ws: true }, '/signin': server } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
