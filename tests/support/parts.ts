/**
 * The real parts that a suite may need. The launcher (`npm test`) sets them up and says so in the
 * environment; where it cannot, it gives the reason, which then stands in the skipped suite's title.
 */
export type Part = 'docker' | 'registry' | 'keyring' | 'dbus' | 'display' | 'electron' | 'chromium' | 'build';

interface PartVariables {
  /** Set when the part is there; its value is how to reach it. */
  readonly at: string;
  /** Set when it is not; its value is why. */
  readonly missing: string;
}

const variables: Record<Part, PartVariables> = {
  docker: { at: 'DEV_CREW_TEST_DOCKER', missing: 'DEV_CREW_TEST_NO_DOCKER' },
  registry: { at: 'DEV_CREW_TEST_REGISTRY', missing: 'DEV_CREW_TEST_NO_REGISTRY' },
  keyring: { at: 'DEV_CREW_TEST_KEYRING', missing: 'DEV_CREW_TEST_NO_KEYRING' },
  dbus: { at: 'DEV_CREW_TEST_DBUS', missing: 'DEV_CREW_TEST_NO_DBUS' },
  display: { at: 'DEV_CREW_TEST_DISPLAY', missing: 'DEV_CREW_TEST_NO_DISPLAY' },
  electron: { at: 'DEV_CREW_ELECTRON', missing: 'DEV_CREW_TEST_NO_ELECTRON' },
  chromium: { at: 'DEV_CREW_CHROMIUM', missing: 'DEV_CREW_TEST_NO_CHROMIUM' },
  build: { at: 'DEV_CREW_TEST_BUILD', missing: 'DEV_CREW_TEST_NO_BUILD' },
};

/** Why a suite that needs `parts` cannot run here; null when it can. */
export function missingReason(...parts: readonly Part[]): string | null {
  for (const part of parts) {
    const { at, missing } = variables[part];
    if (process.env[at]) continue;
    return process.env[missing] ?? `no ${part}: run it through "npm test -- …", which sets it up`;
  }
  return null;
}

/**
 * How to reach a part: the engine's DOCKER_HOST, the registry's program, the D-Bus address, the X display, the path of Electron
 * or chromium, the folder of the build. Throws where it is missing: guard with `describeWith…` first.
 */
export function part(name: Part): string {
  const value = process.env[variables[name].at];
  if (!value) throw new Error(missingReason(name) ?? name);
  return value;
}

/** The image that the launcher provides: sh, git, node, npm and python3 (see tests/support/docker-engine). */
export function sandboxImage(): string {
  return process.env['DEV_CREW_DOCKER_IMAGE'] ?? 'dev-crew-sandbox:test';
}
