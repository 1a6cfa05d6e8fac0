import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';

// The server under test or in development; the console itself knows no address but its own origin.
const server = process.env['BERTH_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [preact({ prefreshEnabled: false })],
  build: {
    target: 'es2022',
    sourcemap: false,
    // The Content-Security-Policy allows no inline script, style or data: font.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': { target: server, ws: true }, '/signin': server } },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
