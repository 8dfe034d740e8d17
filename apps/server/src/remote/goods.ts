import { err, type Instant, ok, parseMoney, type Result } from '@orderloom/core';
import {
  endIntent,
  type EntityManager,
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
  const broken = tries.find(({ moved }) => moved && isFailure(moved));
  const lacks = tries.some(({ moved }) => moved?.state === 'short' || moved?.state === 'gone');
  const undone = broken !== undefined || (lacks && asked.onShortage === 'reject');
  const haul = await settle(shop, errand, { tries, undone });
  if (!broken) return ok(haul);
  for (const { moved, portion } of tries)
    if (moved?.state === 'lost') logLost(desk, errand, { product: portion.offer.id, pieces: portion.wanted });
  if (broken.moved?.state === 'contended') return err({ code: 'BUSY', retryAfterSeconds: 1 });
  const trouble = broken.moved?.state === 'trouble' ? broken.moved.trouble : { detail: 'an answer was lost' };
  return err(await unreachable(desk, errand, trouble));
}

const isFailure = ({ state }: Moved): boolean => ['trouble', 'lost', 'contended'].includes(state);

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
async function settle(shop: Shop, errand: Errand, { tries, undone }: Outcome): Promise<Haul> {
  const { tenantId, at, currency } = errand;
  const home = await committed(shop.desk, tenantId, async (em) => {
    await note(em, tenantId, { tries, undone });
    const offers = tries.map(({ portion }) => portion.offer);
    const products = await mirrorProducts(em, tenantId, { offers, at, currency });
    const locationId = await remoteLocation(em, tenantId, at);
    const keys = [...products.values()].map(({ variantId }) => ({ variantId, locationId }));
    await openLevels(em, tenantId, { keys, at });
    return { products, locationId };
  });
  if (undone) void shop.undo({ tenantId, at });
  const portions = tries.map(({ portion }) => (undone ? { ...portion, taken: 0 } : portion));
  const ids = undone ? [] : idsOf(tries, isDone);
  return {
    ...home,
    portions,
    keep: (em) => settleIntents(em, tenantId, { ids, kind: take }),
    giveBack: () => giveBackAll(shop, errand, ids),
  };
}

const isDone = ({ state }: Moved): boolean => state === 'done';
const isDoubted = (moved: Moved): boolean => moved.state === 'trouble' && moved.trouble.doubted;
const idsOf = (tries: readonly Try[], is: (moved: Moved) => boolean): string[] =>
  tries.flatMap(({ id, moved }) => (moved && is(moved) ? [id] : []));

/** What became of each taking; what may have happened is asked again at once. */
async function note(em: EntityManager, tenantId: string, { tries, undone }: Outcome): Promise<void> {
  const ids = idsOf(tries, isDone);
  await markRunning(em, tenantId, { ids, leaseSeconds });
  if (undone) await reverseIntents(em, tenantId, { ids, kind: take, opposite: giveBack });
  await postponeIntents(em, tenantId, { ids: idsOf(tries, isDoubted), seconds: 0 });
  for (const { id, moved } of tries)
    if (moved && !isDone(moved) && !isDoubted(moved))
      await endIntent(em, tenantId, { id, state: moved.state === 'lost' ? 'FAILED' : 'DONE' });
}

async function giveBackAll(
  { desk, undo }: Shop,
  { tenantId, at }: Errand,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  try {
    await committed(desk, tenantId, (em) =>
      reverseIntents(em, tenantId, { ids, kind: take, opposite: giveBack }),
    );
    void undo({ tenantId, at });
  } catch (thrown) {
    // Their lease ends, and the next sweep finds them.
    logFailure(desk.log, thrown, giveBack);
  }
}
