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

/** What became of one taking; `thrown` when we ourselves could not go on. */
type Try = {
  readonly id: string;
  readonly portion: Portion;
  readonly moved: Moved | null;
  readonly thrown?: Error;
};

async function takeAll(shop: Shop, errand: Errand, asked: Taking): Promise<Result<Haul, Refusal>> {
  const { desk } = shop;
  const anyShort = asked.wishes.some(({ offer, quantity }) => offer.quantity < quantity);
  const none = anyShort && asked.onShortage === 'reject';
  const tries = await Promise.all(
    asked.wishes.map(async ({ offer, quantity: wanted }): Promise<Try> => {
      const portion = { offer, wanted, taken: 0 };
      const vain = none || wanted === 0 || offer.quantity < wanted;
      return vain ? { id: newId(), portion, moved: null } : takeOne(desk, errand, portion);
    }),
  );
  const broken = tries.find(({ moved }) => moved && isFailure(moved));
  const lacks = tries.some(({ moved }) => moved?.state === 'short' || moved?.state === 'gone');
  const undone = broken !== undefined || (lacks && asked.onShortage === 'reject');
  const haul = await settle(shop, errand, { tries, undone });
  return broken ? err(await refusalOf(desk, errand, tries)) : ok(haul);
}

async function takeOne(desk: PieceDesk, errand: Errand, portion: Portion): Promise<Try> {
  const id = newId();
  const { offer, wanted: quantity } = portion;
  const move = { id, kind: take, product: offer.id, quantity, round: 0 } as const;
  try {
    const moved = await movePieces(desk, errand, { ...move, offer: { ...offer, price: '' } });
    return { id, portion: portionAfter(portion, moved), moved };
  } catch (thrown) {
    // The others are settled first, so that nothing of theirs is forgotten.
    const trouble = { code: 'UNREACHABLE', detail: 'not sent', doubted: true } as const;
    return { id, portion, moved: { state: 'trouble', trouble }, thrown: asError(thrown) };
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

const isFailure = ({ state }: Moved): boolean => ['trouble', 'lost', 'contended'].includes(state);

/** Why nothing was taken, told of the worst that happened. */
async function refusalOf(desk: PieceDesk, errand: Errand, tries: readonly Try[]): Promise<Refusal> {
  for (const { moved, portion } of tries)
    if (moved?.state === 'lost') logLost(desk, errand, { product: portion.offer.id, pieces: portion.wanted });
  for (const { thrown } of tries) if (thrown !== undefined) throw thrown;
  const troubles = tries.flatMap(({ moved }) => (moved?.state === 'trouble' ? [moved.trouble] : []));
  const lost = tries.some(({ moved }) => moved?.state === 'lost');
  const trouble = troubles[0] ?? (lost ? { detail: 'an answer was lost' } : null);
  return trouble ? unreachable(desk, errand, trouble) : { code: 'BUSY', retryAfterSeconds: 1 };
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
