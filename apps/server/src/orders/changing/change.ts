import { commandScopes, err, may, ok, type Order, type OrderEvent, type Result } from '@orderloom/core';
import type { ChangeOrder, OrderAction } from '@orderloom/core/inputs';
import {
  type EntityManager,
  keepFree,
  lockOrders,
  orderIds,
  type OrderNames,
  orderNames,
} from '@orderloom/db';
import type { Batch } from '../../batches.ts';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';
import { type Command, decideOne, takingOf, type Where } from './command.ts';
import { onlyAt } from '../remotely/haul.ts';
import { houseOf } from './house.ts';
import { withWhatChanged } from './outrun.ts';
import { policyOf } from '../policy.ts';
import { type Change, record } from '../record.ts';
import { throughAll } from '../../through-all.ts';
import type { OrderFacts } from '../views.ts';

/** An order after a command, and what happened to it. */
export type ChangedFacts = OrderFacts & Taken;
/** An order as a command left it, and the steps that it took. */
export type Taken = { readonly order: Order; readonly events: readonly OrderEvent[] };
type Answer = Result<ChangedFacts, Refusal>;

/** A status command as it is done, unless its caller may not give it. */
export function commandFor(
  { id, expectedVersion, command: action, ...where }: ChangeOrder & Where,
  ctx: Actor,
): Result<Command, Refusal> {
  const command = commandOf(action);
  const needed = commandScopes[command.type];
  const reach = may(ctx.caller, needed.all)
    ? 'all'
    : needed.own && may(ctx.caller, needed.own)
      ? 'own'
      : null;
  if (reach === null) return err({ code: 'FORBIDDEN', scope: needed.own ?? needed.all });
  return ok({ ctx: { ...ctx, reach }, id, expectedVersion, command, ...where });
}

/** A command on one order: what it would be in a list, alone. */
export async function changeOne(em: EntityManager, change: Command): Promise<Answer> {
  const [answer] = await changeOrders(em, [change]);
  return answer ?? err({ code: 'ORDER_NOT_FOUND', id: change.id });
}

/**
 * The commands of a batch that need not wait for anybody. `null` for those that do, and go alone: somebody
 * else is at their order, or an earlier command of the batch.
 */
export async function changeFree(em: EntityManager, changes: Batch<Command>): Promise<(Answer | null)[]> {
  const ids = await idsOf(em, changes);
  const free = new Set(ids.values());
  if (changes.length > 1) await keepFree(em, changes[0].ctx.caller.tenantId, free);
  const goes = changes.map(({ id: name }) => {
    const id = ids.get(name);
    return id === undefined || free.delete(id);
  });
  const [first, ...others] = changes.filter((_, at) => goes[at]);
  const answers = (first ? await changeAll(em, [first, ...others], ids) : []).values();
  return goes.map((went) => (went ? (answers.next().value ?? null) : null));
}

/** Commands on orders that exist, all at once, and what there is to tell of each order afterwards. */
export const changeOrders = async (em: EntityManager, changes: Batch<Command>): Promise<Answer[]> =>
  changeAll(em, changes, await idsOf(em, changes));

type Ids = ReadonlyMap<string, string>;

async function changeAll(em: EntityManager, changes: Batch<Command>, ids: Ids): Promise<Answer[]> {
  const { tenantId } = changes[0].ctx.caller;
  const { taken, known } = await takeOrders(em, { changes, ids }, (orders) =>
    orderNames(em, tenantId, orders),
  );
  const names = await namesAfter(em, taken, known);
  return taken.map((one, at) => {
    const { ctx } = changes[at] ?? changes[0];
    return one.ok ? ok({ ...one.value, names, policy: policyOf(names.tenant, ctx) }) : one;
  });
}

/** The orders that commands name, by name. */
const idsOf = (em: EntityManager, changes: Batch<Command>): Promise<Ids> =>
  orderIds(
    em,
    changes[0].ctx.caller.tenantId,
    changes.map(({ id }) => id),
  );

/** The same for whoever only asks what happened: nobody looks up what the orders name. */
export async function stepOrders(
  em: EntityManager,
  changes: Batch<Command>,
): Promise<Result<Taken, Refusal>[]> {
  const { tenantId } = changes[0].ctx.caller;
  const ids = await idsOf(em, changes);
  return (await takeOrders(em, { changes, ids }, () => orderNames(em, tenantId, []))).taken;
}

/**
 * The one road for commands on orders that exist: lock the orders by id, ask core, write all at once, answer
 * each. A refused command is a value and takes no other with it. An order is named once in a
 * list.
 */
async function takeOrders(
  em: EntityManager,
  { changes, ids }: { readonly changes: Batch<Command>; readonly ids: Ids },
  namesOf: (orders: readonly Order[]) => Promise<OrderNames>,
): Promise<{ readonly taken: Result<Taken, Refusal>[]; readonly known: OrderNames }> {
  const { tenantId } = changes[0].ctx.caller;
  const locked = await lockOrders(em, tenantId, [...new Set(changes.flatMap(({ id }) => ids.get(id) ?? []))]);
  const known = await namesOf([...locked.values()]);
  const orderOf = ({ id }: Command) => locked.get(ids.get(id) ?? '');
  const pairs = changes.map((change) => {
    const order = orderOf(change);
    return { command: takingOf(change.command, order), order };
  });
  const house = onlyAt(await houseOf(em, known.tenant, pairs), changes[0].takesAt);

  const around = { tenant: known.tenant, house };
  const decided = await withWhatChanged(
    em,
    changes.map((change) => {
      const order = orderOf(change);
      return { change, order, decided: decideOne(change, order, around) };
    }),
  );
  const recorded = await throughAll(decided, (all) => recordAll(em, all));
  const taken = recorded.map((order, at) => {
    const change = decided[at];
    return order.ok ? ok({ order: order.value, events: change?.ok ? change.value.events : [] }) : order;
  });
  return { taken, known };
}

/** What changes nothing writes nothing: the order stays the version that it is. */
async function recordAll(em: EntityManager, changes: readonly Change[]): Promise<Result<Order, Refusal>[]> {
  const told = changes.map((change): Result<Change, Refusal> =>
    change.events.length > 0 ? ok(change) : err({ code: 'INTERNAL' }),
  );
  const recorded = await throughAll(told, (all) => record(em, all));
  return recorded.map((order, at) => {
    const { before = null, events = [] } = changes[at] ?? {};
    return events.length === 0 && before ? ok(before) : order;
  });
}

/** An edit may bring in products that the order did not have before. */
async function namesAfter(
  em: EntityManager,
  taken: readonly Result<Taken, Refusal>[],
  known: OrderNames,
): Promise<OrderNames> {
  const orders = taken.flatMap((one) => (one.ok ? [one.value.order] : []));
  const isKnown = ({ lines }: Order) => lines.every(({ productId }) => known.products.has(productId));
  return orders.every(isKnown) ? known : orderNames(em, known.tenant.id, orders);
}

const commandOf = (action: OrderAction) =>
  action.type === 'shipOrder' ? { type: action.type, trackingNumber: action.trackingNumber ?? null } : action;
