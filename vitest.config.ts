import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { VitestClosingReport } from './e2e/setup/closingReport';

export default defineConfig({
  resolve: {
    // Unit tests run from the sources, where no bundler has put the workers beside the code.
    alias: [{ find: /^(\.\.?\/)+workers$/, replacement: path.resolve(import.meta.dirname, 'e2e/setup/workersFromSource.ts') }],
  },
  test: {
    include: ['src-main/**/*.test.ts', 'src-preload/**/*.test.ts', 'src-renderer/**/*.test.ts', 'src-renderer/**/*.test.tsx', 'e2e/servers/**/*.test.ts'],
    globalSetup: ['e2e/setup/vitestGlobal.ts'],
    setupFiles: ['e2e/setup/propertySeed.ts'],
    reporters: ['default', new VitestClosingReport()],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
