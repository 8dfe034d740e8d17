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
import { type Directory, earlierAnswer, openDirectory, remoteNames } from '@orderloom/db';
import type { z } from 'zod';
import { nameOutside } from '../../remote.ts';
import type { Acting } from '../../trpc.ts';
import { changeOne, commandFor } from '../changing/change.ts';
import { change } from '../changing/changing.ts';
import { editOrder } from '../changing/edit.ts';
import { moveTo } from '../changing/move.ts';
import { type Need, type Needs, type Taken, takesOutside, withPieces } from './pieces.ts';
import { findOrder } from '../read.ts';
import { type EditedView, editedView, type OrderFacts, orderView, type OrderView } from '../views.ts';
import { lineOf } from '../placing/wish.ts';

/** Edits an order. */
export async function editAnywhere(ctx: Acting, input: EditOrder): Promise<z.output<typeof EditedView>> {
  const found = takesOutside(ctx) ? await findOrder(ctx, input.id) : null;
  const held = found ? await heldOf(ctx, found) : [];
  return withPieces(ctx, {
    needs: async () => found && editNeeds(ctx, input, { order: found.order, held }),
    work: (em, taken) => {
      const ours = (ref: string) => taken?.skuOf(ref) ?? ourName(ref, held);
      const items = input.items.map((item) => ({ ...item, product: ours(item.product) }));
      return editOrder(em, { ...input, ...placeOf(taken), items }, ctx);
    },
    view: editedView,
  });
}

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

/** What an order has of the catalogue outside: our name of each product, and its name over there. */
type Held = readonly { readonly sku: string; readonly name: string }[];
type Found = { readonly order: Order; readonly held: Held };

async function heldOf(ctx: Acting, { order, names }: Pick<OrderFacts, 'order' | 'names'>): Promise<Held> {
  const ids = [...new Set(linesOf(order).map(({ productId }) => productId))];
  const outside = await ctx.read((em) => remoteNames(em, ctx.caller.tenantId, ids));
  return ids.flatMap((productId) => {
    const [sku, name] = [names.products.get(productId)?.sku, outside.get(productId)];
    return sku === undefined || name === undefined ? [] : [{ sku, name }];
  });
}

/** A name over there of something that the order has means that, and no number of ours. */
const ourName = (ref: string, held: Held): string => held.find(({ name }) => name === ref)?.sku ?? ref;
const theirName = (sku: string, held: Held): string => held.find((one) => one.sku === sku)?.name ?? sku;

const isDraft = ({ status }: Order): boolean => transitionOf(status, 'confirmDraft') !== undefined;

/** Whether an order is not the version that the caller believes it to be, or the request was sent before. */
async function isVain(ctx: Acting, { version }: Order, expected: number | undefined): Promise<boolean> {
  const { once, caller } = ctx;
  if (expected !== undefined && expected !== version) return true;
  return once !== null && (await ctx.read((em) => earlierAnswer(em, caller.tenantId, once))) !== null;
}

/** The pieces that an edit needs beyond those the order has; a draft holds none. */
async function editNeeds(
  ctx: Acting,
  { expectedVersion, items }: EditOrder,
  found: Found,
): Promise<Needs | null> {
  const { order, held } = found;
  if (!isEditable(order) || (await isVain(ctx, order, expectedVersion))) return null;
  const products = items.map(({ product }) => ourName(product, held));
  const names = { products, customers: [], stores: [], addresses: [] };
  const directory = await ctx.read((em) => openDirectory(em, ctx.caller.tenantId, [names]));
  const asked = items.map((item, line) => askedIn(found, directory, { item, line }));
  const more = [...Map.groupBy(asked, ({ name }) => name).values()].flatMap((all) => moreOf(order, all));
  return { orderId: order.id, currency: order.currency, more };
}

type Asked = Need & { readonly has: number };
type Said = { readonly item: EditOrder['items'][number]; readonly line: number };

/** What the order has is asked for by its name over there; the rest by whatever name it was given. */
function askedIn({ order, held }: Found, directory: Directory, { item, line }: Said): Asked {
  const ref = item.product;
  const product = ourName(ref, held);
  const { variantId } = lineOf({ ...item, product }, directory);
  const has = order.lines
    .filter((one) => one.variantId === variantId)
    .reduce((pieces, one) => pieces + openQuantity(one), 0);
  const sku = has > 0 ? directory.product(product)?.sku : undefined;
  const name = sku === undefined ? nameOutside(ref, directory) : theirName(sku, held);
  return { line, refs: [ref], name, quantity: item.quantity, has };
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
  const found = await findOrder(ctx, id);
  const { order } = found;
  if (!isDraft(order) || (total ?? order.total) !== order.total) return null;
  if (await isVain(ctx, order, expectedVersion)) return null;
  return { orderId: order.id, currency: order.currency, more: needsOfLines(found, await heldOf(ctx, found)) };
}

const needsOfLines = ({ order, names }: Pick<OrderFacts, 'order' | 'names'>, held: Held): Need[] =>
  [...Map.groupBy(linesOf(order), ({ productId }) => productId)].map(([productId, lines], line) => {
    const sku = names.products.get(productId)?.sku ?? productId;
    const quantity = lines.reduce((pieces, one) => pieces + one.quantity, 0);
    return { line, refs: [sku], name: theirName(sku, held), quantity };
  });
