import {
  commandScopes,
  isEditable,
  linesOf,
  may,
  type Order,
  openQuantity,
  transitionOf,
} from '@orderloom/core';
import type { ChangeOrder, EditOrder, MoveOrder } from '@orderloom/core/inputs';
import { type Directory, earlierAnswer, openDirectory, type OrderNames } from '@orderloom/db';
import type { z } from 'zod';
import { nameOutside } from '../../remote.ts';
import type { Acting } from '../../trpc.ts';
import { changeOne, commandFor } from '../changing/change.ts';
import { change } from '../changing/changing.ts';
import { editOrder } from '../changing/edit.ts';
import { moveTo } from '../changing/move.ts';
import { type Need, type Needs, type Taken, takesOutside, withPieces } from './pieces.ts';
import { findOrder } from '../read.ts';
import { type EditedView, editedView, orderView, type OrderView } from '../views.ts';
import { lineOf } from '../placing/wish.ts';

/** Edits an order. */
export const editAnywhere = (ctx: Acting, input: EditOrder): Promise<z.output<typeof EditedView>> =>
  withPieces(ctx, {
    needs: () => editNeeds(ctx, input),
    work: (em, taken) => editOrder(em, { ...input, ...placeOf(taken), items: named(input, taken) }, ctx),
    view: editedView,
  });

/** Gives an order a command; a draft takes its pieces when it is confirmed. */
export function changeAnywhere(ctx: Acting, input: ChangeOrder): Promise<OrderView> {
  const { command } = input;
  if (command.type !== 'confirmDraft' || !takesOutside(ctx)) return change(ctx, commandFor(input, ctx));
  return withPieces(ctx, {
    needs: () => draftNeeds(ctx, { ...input, total: command.declaredTotal }),
    work: async (em, taken) => {
      const placing = commandFor({ ...input, ...placeOf(taken) }, ctx);
      return placing.ok ? changeOne(em, placing.value) : placing;
    },
    view: orderView,
  });
}

/** Brings an order to a status; from a draft that may lead through its confirmation. */
export function moveAnywhere(ctx: Acting, input: MoveOrder): Promise<OrderView> {
  const moving = moveTo(input, ctx);
  if (!moving.ok || ['DRAFT', 'CANCELLED'].includes(input.status) || !takesOutside(ctx))
    return change(ctx, moving);
  return withPieces(ctx, {
    needs: () => draftNeeds(ctx, input),
    work: (em, taken) => changeOne(em, { ...moving.value, ...placeOf(taken) }),
    view: orderView,
  });
}

const placeOf = (taken: Taken | null) => (taken ? { takesAt: taken.takesAt } : {});

/** What was taken is named as we name it. */
const named = ({ items }: EditOrder, taken: Taken | null): EditOrder['items'] =>
  items.map((item) => ({ ...item, product: taken?.skuOf(item.product) ?? item.product }));

const isDraft = ({ status }: Order): boolean => transitionOf(status, 'confirmDraft') !== undefined;

/** Whether an order is not the version that the caller believes it to be, or the request was sent before. */
async function isVain(ctx: Acting, { version }: Order, expected: number | undefined): Promise<boolean> {
  const { once, caller } = ctx;
  if (expected !== undefined && expected !== version) return true;
  return once !== null && (await ctx.read((em) => earlierAnswer(em, caller.tenantId, once))) !== null;
}

/** The pieces that an edit needs beyond those the order has; a draft holds none. */
async function editNeeds(ctx: Acting, { id, expectedVersion, items }: EditOrder): Promise<Needs | null> {
  const { order } = await findOrder(ctx, id);
  if (!isEditable(order) || (await isVain(ctx, order, expectedVersion))) return null;
  const products = items.map(({ product }) => product);
  const names = { products, customers: [], stores: [], addresses: [] };
  const directory = await ctx.read((em) => openDirectory(em, ctx.caller.tenantId, [names]));
  const asked = items.map((item, line) => askedIn(order, directory, { item, line }));
  const more = [...Map.groupBy(asked, ({ name }) => name).values()].flatMap((all) => moreOf(order, all));
  return { orderId: order.id, currency: order.currency, more };
}

type Asked = Need & { readonly has: number };
type Said = { readonly item: EditOrder['items'][number]; readonly line: number };

/** What the order has bears our name; the rest is known by whatever name it was given. */
function askedIn(order: Order, directory: Directory, { item, line }: Said): Asked {
  const ref = item.product;
  const { variantId } = lineOf(item, directory);
  const has = order.lines
    .filter((one) => one.variantId === variantId)
    .reduce((pieces, one) => pieces + openQuantity(one), 0);
  const sku = has > 0 ? directory.product(ref)?.sku : undefined;
  return { line, refs: [ref], name: sku ?? nameOutside(ref, directory), quantity: item.quantity, has };
}

function moreOf(order: Order, [first, ...others]: readonly Asked[]): Need[] {
  if (!first) return [];
  const pieces = others.reduce((sum, { quantity }) => sum + quantity, first.quantity) - first.has;
  const refs = [first.refs[0], ...others.flatMap((other) => other.refs)] as const;
  const { line, name, has } = first;
  if (isDraft(order)) return pieces > 0 && has === 0 ? [{ line, name, refs, quantity: 0 }] : [];
  return pieces > 0 ? [{ line, name, refs, quantity: pieces }] : [];
}

type Placing = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly total?: number;
};

/** All pieces of a draft. */
async function draftNeeds(ctx: Acting, { id, expectedVersion, total }: Placing): Promise<Needs | null> {
  if (!may(ctx.caller, commandScopes.confirmDraft.all)) return null;
  const { order, names } = await findOrder(ctx, id);
  if (!isDraft(order) || (total ?? order.total) !== order.total) return null;
  if (await isVain(ctx, order, expectedVersion)) return null;
  return { orderId: order.id, currency: order.currency, more: needsOfLines(order, names) };
}

const needsOfLines = (order: Order, { products }: OrderNames): Need[] =>
  [...Map.groupBy(linesOf(order), ({ productId }) => productId)].map(([productId, lines], line) => {
    const name = products.get(productId)?.sku ?? productId;
    const quantity = lines.reduce((pieces, one) => pieces + one.quantity, 0);
    return { line, refs: [name], name, quantity };
  });
