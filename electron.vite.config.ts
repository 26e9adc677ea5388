import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const at = (path: string): string => resolve(import.meta.dirname, path);

/** One file each in out/main: the desktop, the server without a window, the command line. */
const mainEntries = Object.fromEntries(
  ['index', 'headless', 'cli']
    .map((name) => [name, at(`src/main/${name}.ts`)] as const)
    .filter(([, file]) => existsSync(file)),
);

const main = { build: { externalizeDeps: true, rolldownOptions: { input: mainEntries } } };

const preload = {
  build: {
    // A sandboxed preload can require nothing but electron, so what it shares is built in; and it must be CommonJS.
    externalizeDeps: false,
    rolldownOptions: {
      input: { index: at('src/preload/index.ts') },
      output: { format: 'cjs' as const, entryFileNames: '[name].cjs' },
    },
  },
};

const renderer = {
  root: at('src/renderer'),
  plugins: [react(), tailwindcss()],
  build: { rolldownOptions: { input: { index: at('src/renderer/index.html') } } },
};

export default defineConfig({
  // Dependencies stay in node_modules: better-sqlite3 is native and dockerode reads files of its own.
  ...(Object.keys(mainEntries).length > 0 && { main }),
  ...(existsSync(at('src/preload/index.ts')) && { preload }),
  ...(existsSync(at('src/renderer/index.html')) && { renderer }),
});
