import { err, type Instant, ok, parseMoney, type Result } from '@orderloom/core';
import {
  endIntent,
  markRunning,
  mirrorProducts,
  newId,
  openLevels,
  postponeIntents,
  remoteLocation,
  reverseIntents,
  settleIntents,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { logFailure } from '../log.ts';
import type { Errand, Goods, Haul, Offer, Portion, Taking } from '../remote.ts';
import { catalogueOf } from './catalogue.ts';
import { committed, unreachable } from './desk.ts';
import { giveBack, leaseSeconds, type Moved, movePieces, type PieceDesk, take } from './pieces.ts';

/** The catalogue as a source of pieces; `undo` is called when something waits to be given back. */
export const goodsOf = (desk: PieceDesk, undo: Undo): Goods => ({
  find: (errand, names) => findAll(desk, errand, names),
  take: (errand, asked) => takeAll({ desk, undo }, errand, asked),
});

type Undo = (of: { readonly tenantId: string; readonly at: Instant }) => Promise<void>;
type Shop = { readonly desk: PieceDesk; readonly undo: Undo };

async function findAll(
  desk: PieceDesk,
  errand: Errand,
  names: readonly string[],
): Promise<Result<(Offer | null)[], Refusal>> {
  const catalogue = catalogueOf(desk.client);
  const offers: (Offer | null)[] = [];
  for (const found of await Promise.all(names.map((name) => catalogue.find(errand, name)))) {
    if (!found.ok) return err(await unreachable(desk, errand, found.error));
    const price = parseMoney(found.value?.price ?? '0', errand.currency);
    if (!price.ok) return err(await unreachable(desk, errand, { detail: `the price ${price.error.text}` }));
    offers.push(found.value && { ...found.value, price: price.value });
  }
  return ok(offers);
}

type Try = { readonly id: string; readonly portion: Portion; readonly moved: Moved | null };

async function takeAll(shop: Shop, errand: Errand, asked: Taking): Promise<Result<Haul, Refusal>> {
  const { desk } = shop;
  const anyShort = asked.wishes.some(({ offer, quantity }) => offer.quantity < quantity);
  const none = anyShort && asked.onShortage === 'reject';
  const tries = await Promise.all(
    asked.wishes.map(async ({ offer, quantity }): Promise<Try> => {
      const id = newId();
      const portion = { offer, wanted: quantity, taken: 0 };
      if (none || offer.quantity < quantity) return { id, portion, moved: null };
      const move = { id, kind: take, product: offer.id, quantity, round: 0 } as const;
      const moved = await movePieces(desk, errand, { ...move, offer: { ...offer, price: '' } });
      return { id, portion: portionAfter(portion, moved), moved };
    }),
  );
  const broken = tries.find(({ moved }) => moved?.state === 'trouble' || moved?.state === 'lost');
  const lacks = tries.some(({ moved }) => moved?.state === 'short' || moved?.state === 'gone');
  const undone = broken !== undefined || (lacks && asked.onShortage === 'reject');
  const haul = await settle(shop, errand, { tries, undone });
  if (!broken) return ok(haul);
  for (const { moved, portion } of tries)
    if (moved?.state === 'lost') logLost(desk, errand, { product: portion.offer.id, pieces: portion.wanted });
  const trouble = broken.moved?.state === 'trouble' ? broken.moved.trouble : { detail: 'an answer was lost' };
  return err(await unreachable(desk, errand, trouble));
}

function portionAfter(portion: Portion, moved: Moved): Portion {
  switch (moved.state) {
    case 'done':
      return { ...portion, taken: portion.wanted };
    case 'short':
      return { ...portion, offer: { ...portion.offer, quantity: moved.available } };
    case 'gone':
      return { ...portion, offer: { ...portion.offer, quantity: 0 } };
    default:
      return portion;
  }
}

/** For people to count: pieces that nobody sells, here or there. */
export const logLost = (
  { log, place }: Pick<PieceDesk, 'log' | 'place'>,
  { tenantId, requestId }: Pick<Errand, 'tenantId' | 'requestId'>,
  what: { readonly product: string; readonly pieces: number },
): void =>
  log.error({ tenantId, requestId, place, ...what }, 'pieces whose taking or giving back was never answered');

type Outcome = { readonly tries: readonly Try[]; readonly undone: boolean };

/** Records what was taken, and makes room for it; what is not wanted after all is given back. */
async function settle({ desk, undo }: Shop, errand: Errand, { tries, undone }: Outcome): Promise<Haul> {
  const { tenantId, at, currency } = errand;
  const idsOf = (is: (moved: Moved) => boolean) =>
    tries.flatMap(({ id, moved }) => (moved && is(moved) ? [id] : []));
  const ids = idsOf(({ state }) => state === 'done');
  const doubted = idsOf((moved) => moved.state === 'trouble' && moved.trouble.doubted);
  const lost = idsOf(({ state }) => state === 'lost');
  const over = idsOf((moved) => moved.state !== 'done').filter((id) => !doubted.includes(id));
  const home = await committed(desk, tenantId, async (em) => {
    await markRunning(em, tenantId, { ids, leaseSeconds });
    if (undone) await reverseIntents(em, tenantId, { ids, kind: take, opposite: giveBack });
    await postponeIntents(em, tenantId, { ids: doubted, seconds: 0 });
    for (const id of over)
      await endIntent(em, tenantId, { id, state: lost.includes(id) ? 'FAILED' : 'DONE' });
    const offers = tries.map(({ portion }) => portion.offer);
    const products = await mirrorProducts(em, tenantId, { offers, at, currency });
    const locationId = await remoteLocation(em, tenantId, at);
    const keys = [...products.values()].map(({ variantId }) => ({ variantId, locationId }));
    await openLevels(em, tenantId, { keys, at });
    return { products, locationId };
  });
  if (undone || doubted.length > 0) void undo({ tenantId, at });
  const portions = tries.map(({ portion }) => (undone ? { ...portion, taken: 0 } : portion));
  const held = undone ? [] : ids;
  return {
    ...home,
    portions,
    keep: (em) => settleIntents(em, tenantId, { ids: held, kind: take }),
    giveBack: async () => {
      if (held.length === 0) return;
      try {
        await committed(desk, tenantId, (em) =>
          reverseIntents(em, tenantId, { ids: held, kind: take, opposite: giveBack }),
        );
        void undo({ tenantId, at });
      } catch (thrown) {
        // Their lease ends, and the next sweep finds them.
        logFailure(desk.log, thrown, giveBack);
      }
    },
  };
}
