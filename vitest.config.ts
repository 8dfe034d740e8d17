import { defineConfig } from 'vitest/config';

const withDatabase = ['**/*.db.test.ts', '**/*.e2e.test.ts'];
const inBackend = {
  environment: 'node',
  globalSetup: 'test/global-setup.ts',
  // Some take ten seconds; a machine that is busy with something else, many times that.
  testTimeout: 90_000,
  hookTimeout: 90_000,
} as const;

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          testTimeout: 30_000,
          include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.{ts,tsx}', '{test,lab/*}/*.test.ts'],
          exclude: ['**/node_modules/**', ...withDatabase],
        },
      },
      { test: { ...inBackend, name: 'db', include: ['{packages,apps}/*/src/**/*.db.test.ts'] } },
      {
        test: {
          ...inBackend,
          name: 'e2e',
          include: ['apps/server/src/**/*.e2e.test.ts', '{test/journeys,lab/*}/*.e2e.test.ts'],
          // Much of their time is waiting for processes, so two of them share two cores well.
          maxWorkers: 2,
        },
      },
    ],
  },
});
