import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { logFailure } from '../log.ts';

/** Goes from tenant to tenant, each in its turn, as long as there is something to do. */
export type Rounds = {
  readonly wake: (tenantId: string) => void;
  /** Finishes the visit that has begun. */
  readonly stop: () => Promise<void>;
};

export type Visiting = {
  readonly name: string;
  readonly log: Logger;
  /** How long it lets things gather after it was woken: fewer and larger parts cost less. */
  readonly gatherMs?: number;
  /** Does a part of what there is to do; whether more of it can be done now. */
  readonly visit: (tenantId: string) => Promise<boolean>;
};

const afterFailureMs = 250;

export function makeRounds({ name, log, visit, gatherMs = 0 }: Visiting): Rounds {
  const waiting = new Set<string>();
  let stopping = false;
  let call = () => {};
  const run = async () => {
    while (!stopping) {
      const [tenantId] = waiting;
      if (tenantId === undefined) {
        await new Promise<void>((resolve) => {
          call = resolve;
        });
        if (!stopping) await sleep(gatherMs);
        continue;
      }
      waiting.delete(tenantId);
      try {
        // Behind all the others, so that a busy tenant lets each of them have its turn.
        if (await visit(tenantId)) waiting.add(tenantId);
      } catch (thrown) {
        // Whatever it was is still in the tables, and the relay looks there now and then.
        logFailure(log, thrown, `relay ${name}`);
        await sleep(afterFailureMs);
      }
    }
  };
  const running = run();
  return {
    wake: (tenantId) => {
      waiting.add(tenantId);
      call();
    },
    stop: async () => {
      stopping = true;
      call();
      await running;
    },
  };
}
