import {
  type AddItem,
  cancellationOf,
  type ChangeItem,
  commandScopes,
  decide,
  type DecideContext,
  err,
  type House,
  itemEdit,
  may,
  ok,
  type GiveRefund,
  type LineQuantity,
  type Order,
  type OrderCommand,
  type OrderEvent,
  type OrderStatus,
  type Result,
  walk,
  withdraw,
} from '@orderloom/core';
import type { Tenant } from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';
import { policyOf, reaches, rulesOf } from '../policy.ts';
import type { Change } from '../record.ts';
import { editOf, type Update, update } from './update.ts';

/** What can be wanted of an order: a command, or what core makes a command of. */
type Wanted =
  | OrderCommand
  | Update
  | AddItem
  | ChangeItem
  /** To a status, along the shortest way there (S3-13). */
  | { readonly type: 'moveOrder'; readonly to: OrderStatus; readonly reason: string }
  /** Called off, however often it is said (S1-19). */
  | { readonly type: 'withdrawOrder'; readonly reason: string };

/** Where alone a command may take pieces from; anywhere when it is left out. */
export type Where = { readonly takesAt?: string };

/** One caller's command on one order, by any of its names. */
export type Command = Where & {
  readonly ctx: Actor;
  readonly id: string;
  readonly expectedVersion: number | undefined;
  readonly command: Wanted;
};

type Around = { readonly tenant: Tenant; readonly house: House };

/** What a command does to the order that it names, if that is there, the caller's, and still that version. */
export function decideOne(
  { ctx, id, expectedVersion, command }: Command,
  order: Order | undefined,
  { tenant, house }: Around,
): Result<Change, Refusal> {
  if (!order || !reaches(ctx, order)) return err({ code: 'ORDER_NOT_FOUND', id });
  if (expectedVersion !== undefined && expectedVersion !== order.version)
    return err({ code: 'VERSION_CONFLICT', currentVersion: order.version });
  const rules = rulesOf(tenant, ctx);
  const decided = decideAny(order, command, { at: ctx.at, policy: policyOf(tenant, ctx), house, rules, ctx });
  // Of a walk's steps only those that ask for a reason carry one.
  const reason = 'reason' in command && command.type !== 'moveOrder' ? command.reason : null;
  return decided.ok ? ok({ ctx, before: order, events: decided.value, reason }) : decided;
}

type Context = DecideContext & { readonly ctx: Actor };

function decideAny(
  order: Order,
  command: Wanted,
  { ctx, ...context }: Context,
): Result<readonly OrderEvent[], Refusal> {
  switch (command.type) {
    case 'moveOrder':
      return allowed(ctx, walk(order, command.to, { ...context, reason: command.reason }));
    case 'cancelOrder':
      return decide(order, { ...command, type: cancellationOf(order.status) }, context);
    case 'withdrawOrder':
      return withdraw(order, command.reason, context);
    case 'updateOrder':
      return update(order, command, { ...context, ctx });
    case 'addItem':
    case 'changeItem': {
      const edit = itemEdit(order, command);
      return edit.ok ? decide(order, edit.value, context) : edit;
    }
    case 'refund':
      return decide(order, spread(command, order), context);
    default:
      return decide(order, command, context);
  }
}

/** A line that lies at several places is one to its reader: what is given back of it is of all of them. */
const spread = (command: GiveRefund, order: Order): GiveRefund => ({
  ...command,
  lines: command.lines.flatMap((one) => spreadOver(order, one)),
});

function spreadOver({ lines }: Order, { lineId, quantity }: LineQuantity): LineQuantity[] {
  const named = lines.find(({ id }) => id === lineId);
  const alike = lines.filter(
    ({ id, variantId, unitPrice }) =>
      id !== lineId && variantId === named?.variantId && unitPrice === named.unitPrice,
  );
  let open = quantity;
  const rest = [...(named ? [named] : []), ...alike].flatMap((line) => {
    const pieces = Math.min(open, line.quantity - line.refundedQuantity);
    open -= pieces;
    return pieces > 0 ? [{ lineId: line.id, quantity: pieces }] : [];
  });
  return open > 0 ? [{ lineId, quantity }] : rest;
}

/** What a command takes from the shelf or a balance, as the command that does so. */
export const takingOf = (command: Wanted, order: Order | undefined): Wanted => {
  if (!order) return command;
  const edit = editIn(command, order);
  return edit?.ok && edit.value ? edit.value : command;
};

function editIn(command: Wanted, order: Order) {
  if (command.type === 'updateOrder') return editOf(order, command);
  return command.type === 'addItem' || command.type === 'changeItem' ? itemEdit(order, command) : null;
}

/** Whoever sends an order a long way needs the right to each step of it. */
function allowed({ caller }: Actor, walked: ReturnType<typeof walk>): Result<readonly OrderEvent[], Refusal> {
  if (!walked.ok) return walked;
  const forbidden = walked.value.commands.find((name) => !may(caller, commandScopes[name].all));
  if (forbidden) return err({ code: 'FORBIDDEN', scope: commandScopes[forbidden].all });
  return ok(walked.value.events);
}
