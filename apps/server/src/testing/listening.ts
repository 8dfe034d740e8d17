import { vi } from 'vitest';
import type { Live } from '../live.ts';

/** Done when whoever comes next to watch has got what there is, and waits for news. */
export function nextListener(live: Live): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { watch } = live;
  vi.spyOn(live, 'watch').mockImplementationOnce((...of) => {
    const watching = watch(...of);
    const next = () => {
      resolve();
      return watching.next();
    };
    return { ...watching, next };
  });
  return promise;
}
