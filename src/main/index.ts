import { resolve } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import type { Compose } from './api/app.ts';
import { runDesktop } from './desktop/run.ts';

// Loaded beside Chromium's start, after the scheme is registered, which cannot wait.
const compose: Compose = async (options) => (await import('./compose.ts')).compose(options);

void runDesktop({ compose, root: resolve(import.meta.dirname, '../..'), version: packageJson.version });
