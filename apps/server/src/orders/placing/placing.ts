import type { Database } from '@orderloom/db';
import { inBatches } from '../../batches.ts';
import { countPlaced } from '../../metrics.ts';
import type { Actor } from '../../trpc.ts';
import type { Answer } from '../../once.ts';
import { placeOrders } from './place.ts';
import type { PlacedFacts } from '../views.ts';
import type { Wish, Wished } from './wish.ts';

/** The one door for placing orders: callers of one tenant share transactions. */
export type Placing = {
  readonly place: (ctx: Actor, asked: Wished) => Promise<Answer<PlacedFacts>>;
};

export function createPlacing(db: Database): Placing {
  const door = inBatches<Wish, PlacedFacts>(db, placeOrders);
  return {
    place: async (ctx, asked) => {
      const answer = await door({ ctx, asked });
      if (answer.ok) countPlaced(1);
      return answer;
    },
  };
}
