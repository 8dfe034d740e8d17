import { defineConfig } from 'vitest/config';

/**
 * The full run of the laws: `LAW_RUNS` cases of each and `LAW_STEPS` steps of a shop's life, from `LAW_SEED`
 * when a failure is to be seen again.
 */
const { LAW_RUNS = '5000', LAW_STEPS = '1000000', LAW_SEED } = process.env;

export default defineConfig({
  test: {
    testTimeout: 600_000,
    include: ['src/**/*.laws.test.ts'],
    provide: {
      laws: {
        runs: Number(LAW_RUNS),
        steps: Number(LAW_STEPS),
        ...(LAW_SEED ? { seed: Number(LAW_SEED) } : {}),
      },
    },
  },
});
