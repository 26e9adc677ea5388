import { describe } from 'vitest';
import { missingReason, type Part } from './parts.ts';

export { missingReason, part, sandboxImage } from './parts.ts';

/** A suite on real parts: runs where they are, is skipped by name and with the reason where they are not. */
function describeWith(parts: readonly Part[], name: string, suite: () => void): void {
  const reason = missingReason(...parts);
  if (reason === null) describe(name, suite);
  else describe.skip(`${name} [skipped: ${reason}]`, suite);
}

/** A Docker engine at `part('docker')` (also in DOCKER_HOST) that holds the image `sandboxImage()`. */
export const describeWithDocker = (name: string, suite: () => void): void =>
  describeWith(['docker'], name, suite);

/** A registry server's program at `part('registry')`, and all that `startOwnEngine` needs beside it. */
export const describeWithRegistry = (name: string, suite: () => void): void =>
  describeWith(['registry'], name, suite);

/** An unlocked Secret Service on a private D-Bus (DBUS_SESSION_BUS_ADDRESS is set to it). */
export const describeWithKeyring = (name: string, suite: () => void): void =>
  describeWith(['keyring'], name, suite);

/** A private D-Bus and python3-dbus, for `startMockDesktop`. */
export const describeWithDbus = (name: string, suite: () => void): void =>
  describeWith(['dbus'], name, suite);

/** The built app in `part('build')`: `node part('build')/main/cli.js …`. */
export const describeWithBuild = (name: string, suite: () => void): void =>
  describeWith(['build'], name, suite);
