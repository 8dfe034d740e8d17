import type { House, ShelfItem, StockMove } from '@orderloom/core';
import { type EntityManager, writeDeeds } from '@orderloom/db';
import { actOf } from '../../act.ts';
import type { Haul } from '../../remote.ts';
import type { Actor } from '../../trpc.ts';
import type { Wish } from '../placing/wish.ts';

/** What a wish with a haul may be served from: what was taken for it, and nothing of our own. */
export function shownOnly(house: House, wishes: readonly Wish[]): House {
  const haul = haulOf(wishes);
  if (!haul) return house;
  const shelf = new Map<string, ShelfItem>();
  for (const [variantId, item] of house.shelf)
    shelf.set(variantId, {
      ...item,
      levels: [{ locationId: haul.locationId, sellable: sellableOf(haul, variantId) }],
    });
  return { ...house, shelf };
}

/** What was taken; of what was too short to be taken, what is there. */
function sellableOf({ portions, products }: Haul, variantId: string): number {
  const portion = portions.find(({ offer }) => products.get(offer.id)?.variantId === variantId);
  return portion ? portion.taken || Math.max(0, portion.offer.quantity) : 0;
}

/** Nothing but what lies at one location. */
export function onlyAt(house: House, locationId: string | undefined): House {
  if (locationId === undefined) return house;
  const shelf = new Map<string, ShelfItem>();
  for (const [variantId, item] of house.shelf)
    shelf.set(variantId, {
      ...item,
      levels: item.levels.filter((level) => level.locationId === locationId),
    });
  return { ...house, shelf };
}

/** Enters into the books what was taken for a wish that is granted now. */
export async function receiveFor(em: EntityManager, wishes: readonly Wish[]): Promise<void> {
  const haul = haulOf(wishes);
  const [first] = wishes;
  if (haul && first) await receive(em, first.ctx, haul);
}

/** Enters into the books what was taken for an order. */
export async function receive(em: EntityManager, ctx: Actor, haul: Haul): Promise<void> {
  const moves = haul.portions.flatMap(({ offer, taken }): StockMove[] => {
    const variantId = haul.products.get(offer.id)?.variantId;
    if (taken === 0 || variantId === undefined) return [];
    const { locationId } = haul;
    return [{ kind: 'RECEIVE', variantId, locationId, lineId: null, onHand: taken, reserved: 0 }];
  });
  const events = moves.map(({ variantId, locationId, onHand }) => ({
    id: ctx.newId(),
    type: 'stock.received',
    data: { variantId, locationId, onHand },
  }));
  const act = actOf(ctx, 'taken from the catalogue');
  await writeDeeds(em, ctx.caller.tenantId, [{ ...act, moves, events, entries: [] }]);
}

/** A wish with a haul is alone in its batch: what was taken for it is nobody else's. */
function haulOf(wishes: readonly Wish[]): Haul | undefined {
  const haul = wishes.find((wish) => wish.haul)?.haul;
  if (haul && wishes.length > 1) throw new RangeError('an order of remote pieces is placed alone');
  return haul;
}
