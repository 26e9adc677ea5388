import { devNull } from 'node:os';

/** Variables of git that belong to the user and are passed on; every other `GIT_*` of our own environment is dropped. */
const kept = new Set([
  'GIT_AUTHOR_NAME',
  'GIT_AUTHOR_EMAIL',
  'GIT_COMMITTER_NAME',
  'GIT_COMMITTER_EMAIL',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_EXEC_PATH',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
  'GIT_SSL_CERT',
  'GIT_SSL_KEY',
  'GIT_PROXY_SSL_CAINFO',
]);

const posixFiles: [string, string][] =
  process.platform === 'win32'
    ? []
    : [
        // The worktree is on the data folder's disk, not on the one the repository's config was made for.
        ['core.fileMode', 'true'],
        ['core.symlinks', 'true'],
      ];

/**
 * Settings that win over every config file. They keep git from running anything (hooks, monitors, helpers), from
 * side work (gc), and from what would make one tree differ between machines (line endings, sparse checkouts).
 */
const safeConfig: readonly [string, string][] = [
  ['core.hooksPath', devNull],
  ['core.fsmonitor', 'false'],
  ['core.splitIndex', 'false'],
  ['core.sparseCheckout', 'false'],
  ['core.autocrlf', 'false'],
  ['core.safecrlf', 'false'],
  ['core.trustctime', 'true'],
  ['core.checkStat', 'default'],
  ['core.quotePath', 'false'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['i18n.commitEncoding', 'UTF-8'],
  ['protocol.ext.allow', 'never'],
  // A stalled transfer ends: under 1 kB/s for a minute.
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '60'],
  ...posixFiles,
];

export interface GitPlace {
  /** GIT_DIR; without it git discovers the repository from `cwd`, which only ever happens for a folder the user named. */
  gitDir?: string | undefined;
  workTree?: string | undefined;
  indexFile?: string | undefined;
  /** More settings for this call; they win over `safeConfig`. */
  config?: readonly (readonly [string, string])[] | undefined;
  /** More variables for this call. */
  variables?: Record<string, string> | undefined;
}

/** The whole environment of one git process, from ours (`base`) and where it is to work. */
export function gitEnvironment(base: NodeJS.ProcessEnv, place: GitPlace): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && (!name.startsWith('GIT_') || kept.has(name))) env[name] = value;
  }
  Object.assign(env, {
    LC_ALL: 'C',
    LANGUAGE: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    SSH_ASKPASS_REQUIRE: 'never',
    GCM_INTERACTIVE: 'never',
    GIT_PAGER: 'cat',
    GIT_EDITOR: ':',
    GIT_SEQUENCE_EDITOR: ':',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
  });
  if (place.gitDir !== undefined) env['GIT_DIR'] = place.gitDir;
  if (place.workTree !== undefined) env['GIT_WORK_TREE'] = place.workTree;
  if (place.indexFile !== undefined) env['GIT_INDEX_FILE'] = place.indexFile;
  const config = [...safeConfig, ...(place.config ?? [])];
  env['GIT_CONFIG_COUNT'] = String(config.length);
  config.forEach(([key, value], index) => {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return Object.assign(env, place.variables);
}
