import { err, isEditable, ok, type Order, type Result } from '@orderloom/core';
import type { EditOrder } from '@orderloom/core/inputs';
import { earlierAnswer, openDirectory } from '@orderloom/db';
import type { z } from 'zod';
import { orThrow, type Refusal } from '../errors.ts';
import type { Goods, Haul, Portion, Remote } from '../remote.ts';
import type { Acting } from '../trpc.ts';
import { editOrder } from './edit.ts';
import { receive } from './haul.ts';
import { findOrder } from './read.ts';
import { type EditedView, editedView } from './views.ts';
import { lineOf } from './wish.ts';

type Answer = Promise<z.output<typeof EditedView>>;

/** Edits an order; what it needs more is taken where orders of this family take their pieces. */
export async function editAnywhere(ctx: Acting, input: EditOrder): Answer {
  const { remote } = ctx.parts;
  const needs = remote?.goods && ctx.origin === 'service' ? await needsOf(ctx, input) : null;
  if (!remote?.goods || !needs || needs.more.length === 0)
    return ctx.commitAs((em) => editOrder(em, input, ctx), editedView);
  const { goods } = remote;
  const haul = orThrow(await takeMore({ ctx, remote, goods }, needs));
  let edited = false;
  try {
    const answer = await ctx.commitAs(async (em) => {
      await receive(em, ctx, haul);
      const { locationId: takesAt } = haul;
      const done = await editOrder(em, { ...input, items: renamed(input, needs, haul), takesAt }, ctx);
      if (done.ok && !(await haul.keep(em))) return err({ code: 'BUSY', retryAfterSeconds: 1 });
      return done;
    }, editedView);
    edited = true;
    return answer;
  } finally {
    if (!edited) await haul.giveBack();
  }
}

type More = { readonly line: number; readonly ref: string; readonly name: string; readonly quantity: number };
type Needs = { readonly currency: string; readonly more: readonly More[] };

/** The pieces that an edit needs beyond those the order has; none where it will be refused or replayed. */
async function needsOf(ctx: Acting, { id, expectedVersion, items }: EditOrder): Promise<Needs> {
  const { order } = await findOrder(ctx, id);
  const { currency, version } = order;
  const { once } = ctx;
  const { tenantId } = ctx.caller;
  const vain = !isEditable(order) || (expectedVersion ?? version) !== version;
  if (vain || (once && (await ctx.read((em) => earlierAnswer(em, tenantId, once)))))
    return { currency, more: [] };
  const products = items.map(({ product }) => product);
  const names = { products, customers: [], stores: [], addresses: [] };
  const directory = await ctx.read((em) => openDirectory(em, tenantId, [names]));
  const more = items.flatMap((item, line): More[] => {
    const ref = item.product;
    const has = piecesOf(order, lineOf(item, directory).variantId);
    // What the order has bears our name; the rest is known by whatever name it was given.
    const name = has > 0 ? (directory.product(ref)?.sku ?? ref) : ref;
    return item.quantity > has ? [{ line, ref, name, quantity: item.quantity - has }] : [];
  });
  return { currency, more };
}

const piecesOf = ({ lines }: Order, variantId: string): number =>
  lines
    .filter((line) => line.variantId === variantId)
    .reduce((pieces, { quantity, cancelledQuantity }) => pieces + quantity - cancelledQuantity, 0);

type Shop = { readonly ctx: Acting; readonly remote: Remote; readonly goods: Goods };

/** Takes all that is needed, or nothing. */
async function takeMore(
  { ctx, remote, goods }: Shop,
  { currency, more }: Needs,
): Promise<Result<Haul, Refusal>> {
  const { requestId, at, caller } = ctx;
  const errand = remote.errand({ tenantId: caller.tenantId, requestId, at, currency });
  const found = await goods.find(
    errand,
    more.map(({ name }) => name),
  );
  if (!found.ok) return found;
  const wishes = more.flatMap(({ quantity }, at) => {
    const offer = found.value[at];
    return offer ? [{ offer, quantity }] : [];
  });
  const unknown = more.find((_, at) => !found.value[at]);
  if (unknown) return err({ code: 'PRODUCT_UNKNOWN', line: unknown.line, ref: unknown.ref });
  const haul = await goods.take(errand, { wishes, onShortage: 'reject' });
  if (!haul.ok) return haul;
  const shortages = haul.value.portions.flatMap((portion, at) => shortOf(portion, more[at], haul.value));
  return shortages.length > 0 ? err({ code: 'INSUFFICIENT_STOCK', shortages }) : ok(haul.value);
}

const shortOf = ({ offer, wanted }: Portion, more: More | undefined, { products }: Haul) =>
  offer.quantity < wanted && more
    ? [
        {
          line: more.line,
          ref: more.ref,
          variantId: products.get(offer.id)?.variantId ?? '',
          requested: wanted,
          available: Math.max(0, offer.quantity),
        },
      ]
    : [];

/** What was taken is named as we name it. */
function renamed({ items }: EditOrder, { more }: Needs, { portions, products }: Haul): EditOrder['items'] {
  const names = new Map(
    more.map(({ line }, at) => [line, products.get(portions[at]?.offer.id ?? '')?.sku] as const),
  );
  return items.map((item, line) => ({ ...item, product: names.get(line) ?? item.product }));
}
