import { type Result } from '@orderloom/core';
import type { Database } from '@orderloom/db';
import { inBatches } from '../../batches.ts';
import { eachOnce } from '../../each-once.ts';
import { orThrow, type Refusal } from '../../errors.ts';
import { type Answer, outcome } from '../../once.ts';
import type { Acting } from '../../trpc.ts';
import { orderView, type OrderView } from '../views.ts';
import { type ChangedFacts, changeFree } from './change.ts';
import type { Command } from './command.ts';

/** The one door for commands on single orders: callers of one tenant share transactions. */
export type Changing = (command: Command) => Promise<Answer<ChangedFacts>>;

export const createChanging = (db: Database): Changing =>
  inBatches<Command, ChangedFacts>(db, (em, commands) =>
    eachOnce(em, commands, { work: (all) => changeFree(em, all), view: orderView }),
  );

/** The order after a command, as it is answered. */
export const change = async (ctx: Acting, command: Result<Command, Refusal>): Promise<OrderView> =>
  orderView(outcome(await ctx.parts.changing(orThrow(command))));
