import type { Result } from '@orderloom/core';
import type { Database } from '@orderloom/db';
import { inBatches } from '../../batches.ts';
import { eachOnce } from '../../each-once.ts';
import { orThrow, type Refusal } from '../../errors.ts';
import { type Answer, outcome } from '../../once.ts';
import type { Acting } from '../../trpc.ts';
import { orderView, type OrderView } from '../views.ts';
import { type ChangedFacts, changeFree } from './change.ts';
import type { Command } from './command.ts';

/** A command, and what is answered of the order afterwards. */
type Wish = Command & { readonly view: (facts: ChangedFacts) => unknown };

/** The one door for commands on single orders: callers of one tenant share transactions. */
export type Changing = (wish: Wish) => Promise<Answer<ChangedFacts>>;

export const createChanging = (db: Database): Changing =>
  inBatches<Wish, ChangedFacts>(db, (em, wishes) =>
    eachOnce(em, wishes, {
      work: (all) => changeFree(em, all),
      view: (facts: ChangedFacts, { view }) => view(facts),
    }),
  );

/** What there is to answer after a command on one order. */
export const changeAs = async <V>(
  ctx: Acting,
  command: Result<Command, Refusal>,
  view: (facts: ChangedFacts) => V,
): Promise<V> => view(outcome(await ctx.parts.changing({ ...orThrow(command), view })));

/** The order after a command, as it is answered. */
export const change = (ctx: Acting, command: Result<Command, Refusal>): Promise<OrderView> =>
  changeAs(ctx, command, orderView);
