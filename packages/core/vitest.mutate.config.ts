import { defineConfig } from 'vitest/config';

/** The tests as mutants meet them: every file of the core, the laws on fewer cases and always the same. */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    include: ['src/**/*.test.ts'],
    provide: { laws: { runs: 40, steps: 5_000, seed: 20_261_121 } },
  },
});
