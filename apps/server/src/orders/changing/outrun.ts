import { changedSince, err, type Order, type Result } from '@orderloom/core';
import { type EntityManager, eventsOf } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Command } from './command.ts';

type Decided<T> = {
  readonly change: Command;
  readonly order: Order | undefined;
  readonly decided: Result<T, Refusal>;
};

/** Tells whoever named a version that is over what has changed since. */
export async function withWhatChanged<T>(
  em: EntityManager,
  all: readonly Decided<T>[],
): Promise<Result<T, Refusal>[]> {
  const late = all.filter(({ decided }) => !decided.ok && decided.error.code === 'VERSION_CONFLICT');
  const orders = late.flatMap(({ order }) => order ?? []);
  const [first] = late;
  if (!first) return all.map(({ decided }) => decided);
  const told = await eventsOf(
    em,
    first.change.ctx.caller.tenantId,
    orders.map(({ id }) => id),
  );
  return all.map(({ change, order, decided }) => {
    if (decided.ok || decided.error.code !== 'VERSION_CONFLICT') return decided;
    const events = told.get(order?.id ?? '') ?? [];
    return err({ ...decided.error, changedFields: changedSince(events, change.expectedVersion ?? 0) });
  });
}
