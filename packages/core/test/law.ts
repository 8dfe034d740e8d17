import fc from 'fast-check';
import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** How many cases each law is tried on, how many steps a shop lives, and where the chance begins; see `vitest.laws.config.ts`. */
    laws: { readonly runs: number; readonly steps?: number; readonly seed?: number };
  }
}

/** The quick run: always the same cases, so that a red check stays red. */
const quick = { runs: 100, seed: 20_261_121 };

/** What is true of all values, not of three examples. A failing case is shrunk and printed with its seed. */
export const law =
  <T>(values: fc.Arbitrary<T>, holds: (value: T) => void): (() => void) =>
  () => {
    const { runs, steps: _, ...seed } = inject('laws') ?? quick;
    fc.assert(fc.property(values, holds), { numRuns: runs, ...seed });
  };
