/**
 * The layers (docs/architecture.md): who may import whom. The list of exceptions may only shrink.
 * @type {import('dependency-cruiser').IConfiguration}
 */

/** @param {string} name @param {string} from @param {string[]} allowed folders or files under src */
const layer = (name, from, allowed) => ({
  name: `layer-${name}`,
  comment: `${from} may import only: ${[from, ...allowed].join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { path: '^src/', pathNot: [from, ...allowed].map((folder) => `^src/${folder}(/|$)`) },
});

/** @param {string} name @param {string} from @param {string[]} packages what it may use of node_modules */
const vendors = (name, from, packages) => ({
  name: `vendors-${name}`,
  comment: `${from} may use only these packages: ${packages.join(', ') || 'none'}.`,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
    pathNot: packages.map((name_) => `(^|/)node_modules/${name_}(/|$)`),
  },
});

/** @param {string} vendor a pattern over package names @param {string} only where it may be imported */
const vendorOnlyIn = (vendor, only) => ({
  name: `${vendor.replace(/[^a-z0-9]+/g, '-').slice(0, 40)}-in-one-place`,
  comment: `${vendor} is imported only in ${only}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: only },
  to: { path: `(^|/)node_modules/(${vendor})(/|$)` },
});

/** @param {string} name @param {string} from */
const noNode = (name, from) => ({
  name: `no-node-${name}`,
  comment: `${from} is pure: it runs anywhere and reads no clock, disk or network.`,
  severity: 'error',
  from: { path: `^src/${from}/` },
  to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|path|path/posix|posix)$' },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true, pathNot: '\\?' },
    },
    {
      name: 'no-tests-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tests|scripts)/' },
    },
    layer('shared', 'shared', []),
    layer('domain', 'main/domain', ['shared']),
    layer('app', 'main/app', ['main/domain', 'shared']),
    layer('infra', 'main/infra', ['main/app', 'main/domain', 'shared']),
    layer('api', 'main/api', ['main/app', 'shared']),
    layer('desktop', 'main/desktop', ['main/api', 'shared']),
    layer('preload', 'preload', ['shared']),
    layer('renderer', 'renderer', ['shared']),
    {
      name: 'infra-imports-only-ports',
      comment: 'Of src/main/app an adapter knows the ports, not the use cases.',
      severity: 'error',
      from: { path: '^src/main/infra/' },
      to: {
        path: '^src/main/app/',
        pathNot: '^src/main/app/(ports(/|\\.ts$)|[^/]+/ports\\.ts$|.*-port\\.ts$)',
      },
    },
    {
      name: 'adapters-apart',
      comment: 'One adapter does not know another; what both need goes to infra/lib.',
      severity: 'error',
      from: { path: '^src/main/infra/([^/]+)/' },
      to: { path: '^src/main/infra/[^/]+/', pathNot: '^src/main/infra/($1|lib)/' },
    },
    noNode('shared', 'shared'),
    noNode('domain', 'main/domain'),
    vendors('shared', 'shared', ['zod']),
    vendors('domain', 'main/domain', ['zod']),
    vendors('app', 'main/app', ['zod']),
    vendors('preload', 'preload', ['electron']),
    vendorOnlyIn('electron', '^src/(main/desktop/|main/index\\.ts$|preload/)'),
    vendorOnlyIn('better-sqlite3', '^src/main/infra/sqlite/'),
    vendorOnlyIn('dockerode', '^src/main/infra/docker/'),
    vendorOnlyIn('ai|@ai-sdk/[^/]+|ai-sdk-ollama|ollama', '^src/main/infra/llm/'),
    vendorOnlyIn('openid-client|jose|oauth4webapi', '^src/main/infra/oauth/'),
    vendorOnlyIn('@github/keytar', '^src/main/infra/secrets/'),
    vendorOnlyIn('unbash', '^src/main/infra/policy/'),
    vendorOnlyIn('@secretlint/[^/]+', '^src/main/infra/redaction/'),
    vendorOnlyIn('fastify|@fastify/[^/]+|fastify-type-provider-zod|@scalar/[^/]+', '^src/main/api/'),
    vendorOnlyIn('pino', '^src/main/(infra/logs?/|api/http/)'),
    vendorOnlyIn(
      'react|react-dom|zustand|radix-ui|i18next|react-i18next|sonner|lucide-react|marked',
      '^src/renderer/',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|\\.cache)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
