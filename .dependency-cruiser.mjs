const features = 'advisor|assistant|backups|cache|catalog|connections|costs|dashboards|demo|documents|explain|federation|files|guard|health|jobs|mcp|migrations|plans|processes|queries|roles|rowEdits|savedQueries|schema|secrets|settings|snippets|store|structure|workspace';

// Files beside the code that only tests use.
const tests = '\\.test\\.tsx?$|/test(Support|Process)\\.ts$';

/** The layer map of ARCHITECTURE.md as data. @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'renderer-speaks-the-contract-only', severity: 'error', from: { path: '^src-renderer' }, to: { path: '^(src-main|src-preload/(?!contract/|window\\.d\\.ts|wire\\.ts))' } },
    { name: 'contract-is-pure', severity: 'error', from: { path: '^src-preload/contract' }, to: { pathNot: '^(src-preload/contract|node_modules/zod)' } },
    { name: 'only-desktop-uses-electron', severity: 'error', from: { path: '^src-main', pathNot: '^src-main/(desktop/|main\\.ts)' }, to: { path: 'node_modules/electron/|^electron$' } },
    { name: 'services-do-not-know-the-desktop', severity: 'error', from: { path: '^src-main', pathNot: '^src-main/(desktop/|main\\.ts)' }, to: { path: '^src-main/desktop' } },
    { name: 'drivers-know-no-feature', severity: 'error', from: { path: '^src-main/drivers', pathNot: '\\.test\\.ts$' }, to: { path: `^src-main/(${features}|ipc|cli|app\\.ts)` } },
    {
      name: 'a-feature-uses-another-by-its-service',
      severity: 'error',
      from: { path: `^src-main/(${features})/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^src-main/(${features})/`, pathNot: '^src-main/($1/|[a-zA-Z]+/service\\.ts$)' },
    },
    { name: 'nothing-ships-a-test', severity: 'error', from: { path: '^src-', pathNot: tests }, to: { path: `^e2e|${tests}` } },
    { name: 'every-import-resolves', severity: 'error', from: { path: '^(src-|e2e)' }, to: { couldNotResolve: true, pathNot: '^virtual:|\\?raw$|\\.css$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
    exclude: { path: '^(out|\\.cache)' },
  },
};
