import { err, type Result } from '@orderloom/core';
import { type EntityManager, lockOrders } from '@orderloom/db';
import { orThrow, type Refusal } from '../../errors.ts';
import type { Goods, Haul, Portion, Remote } from '../../remote.ts';
import type { Acting } from '../../trpc.ts';
import { receive } from './haul.ts';

/** So many pieces more of a product; 0 makes a product known to us of which none is taken yet. */
export type Need = {
  /** Where it is asked for first. */
  readonly line: number;
  /** What the caller calls it. */
  readonly refs: readonly [string, ...string[]];
  /** Its name over there. */
  readonly name: string;
  readonly quantity: number;
};
/** What an order needs more than it has. */
export type Needs = { readonly orderId: string; readonly currency: string; readonly more: readonly Need[] };

/** What was taken: where it lies, and our name for what the caller calls so. */
export type Taken = { readonly takesAt: string; readonly skuOf: (ref: string) => string | undefined };

type Change<T, V> = {
  /** `null` where the change will be refused, or was made before. */
  readonly needs: () => Promise<Needs | null>;
  readonly work: (em: EntityManager, taken: Taken | null) => Promise<Result<T, Refusal>>;
  readonly view: (value: T) => V;
};

/** Whether the orders of this call take their pieces from somebody else's catalogue. */
export const takesOutside = ({ parts, origin }: Acting): boolean =>
  origin === 'service' && parts.remote?.goods != null;

/** Changes an order; what it needs more is taken where orders of this family take their pieces. */
export async function withPieces<T, V>(ctx: Acting, { needs, work, view }: Change<T, V>): Promise<V> {
  const { remote } = ctx.parts;
  const needed = takesOutside(ctx) ? await needs() : null;
  if (!remote?.goods || !needed || needed.more.length === 0)
    return ctx.commitAs((em) => work(em, null), view);
  const haul = orThrow(await takeMore({ ctx, remote, goods: remote.goods }, needed));
  let kept = false;
  try {
    const answer = await ctx.commitAs(async (em) => {
      // Orders are locked before stock.
      await lockOrders(em, ctx.caller.tenantId, [needed.orderId]);
      await receive(em, ctx, haul);
      const done = await work(em, takenBy(haul, needed));
      if (done.ok && !(await haul.keep(em))) return err({ code: 'BUSY', retryAfterSeconds: 1 });
      return done;
    }, view);
    kept = true;
    return answer;
  } finally {
    if (!kept) await haul.giveBack();
  }
}

type Shop = { readonly ctx: Acting; readonly remote: Remote; readonly goods: Goods };

/** Takes all that is needed, or nothing. */
async function takeMore(
  { ctx, remote, goods }: Shop,
  { currency, more }: Needs,
): Promise<Result<Haul, Refusal>> {
  const { requestId, at, caller } = ctx;
  const errand = remote.errand({ tenantId: caller.tenantId, requestId, at, currency });
  const names = more.map(({ name }) => name);
  const found = await goods.find(errand, names);
  if (!found.ok) return found;
  const unknown = more.find((_, at) => !found.value[at]);
  if (unknown) return err({ code: 'PRODUCT_UNKNOWN', line: unknown.line, ref: unknown.refs[0] });
  const wishes = more.flatMap(({ quantity }, at) => {
    const offer = found.value[at];
    return offer ? [{ offer, quantity }] : [];
  });
  const haul = await goods.take(errand, { wishes, onShortage: 'reject' });
  if (!haul.ok) return haul;
  const shortages = haul.value.portions.flatMap((portion, at) => shortOf(portion, more[at], haul.value));
  return shortages.length > 0 ? err({ code: 'INSUFFICIENT_STOCK', shortages }) : haul;
}

const shortOf = ({ offer, wanted }: Portion, need: Need | undefined, { products }: Haul) =>
  offer.quantity < wanted && need
    ? [
        {
          line: need.line,
          ref: need.refs[0],
          variantId: products.get(offer.id)?.variantId ?? '',
          requested: wanted,
          available: Math.max(0, offer.quantity),
        },
      ]
    : [];

function takenBy({ locationId: takesAt, portions, products }: Haul, { more }: Needs): Taken {
  const skus = new Map(
    more.flatMap(({ refs }, at) =>
      refs.map((ref) => [ref, products.get(portions[at]?.offer.id ?? '')?.sku] as const),
    ),
  );
  return { takesAt, skuOf: (ref) => skus.get(ref) };
}
