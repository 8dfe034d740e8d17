import type { Instant, StockMove } from '@orderloom/core';
import {
  claimIntents,
  type DueIntent,
  endIntent,
  idlePieces,
  markRunning,
  newId,
  planIntent,
  postponeIntents,
  remoteChores,
  reverseIntents,
  tenantIds,
  writeDeeds,
} from '@orderloom/db';
import { closeIncident } from '../incident.ts';
import { logFailure } from '../log.ts';
import { closeCart, Closing, isOpen } from './baskets.ts';
import { cartsOf } from './carts.ts';
import { catalogueOf } from './catalogue.ts';
import { committed, type Desk, unreachable } from './desk.ts';
import { logLost } from './goods.ts';
import type { Errand } from './http.ts';
import {
  askAgain,
  giveBack,
  leaseSeconds,
  type Moved,
  movePieces,
  Moving,
  type PieceDesk,
  take,
} from './pieces.ts';

/** The services that are somebody else's. */
export type Desks = { readonly goods: PieceDesk | null; readonly baskets: Desk | null };

const limits = { atOnce: 20, patienceMs: 2_500, backoffSecondsMax: 60 };
const requestId = 'remote-sweep';

type Round = { readonly tenantId: string; readonly at: Instant };

/** Does what is left to do outside, tenant by tenant. Never throws. */
export async function sweepAll(desks: Desks, at: Instant): Promise<void> {
  const { db, log } = desks.goods ?? desks.baskets ?? {};
  if (!db || !log) return;
  try {
    for (const tenantId of await tenantIds(db)) await sweepTenant(desks, { tenantId, at });
  } catch (thrown) {
    logFailure(log, thrown, requestId);
  }
}

/** The same for one tenant, whenever something waits to be given back. Never throws. */
export async function sweepTenant(desks: Desks, round: Round): Promise<void> {
  const desk = desks.goods ?? desks.baskets;
  if (!desk) return;
  const { tenantId } = round;
  try {
    const kinds = [...(desks.goods ? [take, giveBack] : []), ...(desks.baskets ? [closeCart] : [])];
    const chores = await committed(desk, tenantId, (em) => remoteChores(em, tenantId, kinds));
    if (desks.goods && chores.idle) await releaseIdle(desks.goods, round);
    if (chores.due || chores.idle) {
      const claiming = { kinds, limit: limits.atOnce, leaseSeconds };
      const due = await committed(desk, tenantId, (em) => claimIntents(em, tenantId, claiming));
      await Promise.all(due.map((intent) => see(desks, round, intent)));
    }
    for (const each of [desks.goods, desks.baskets])
      if (each && chores.incidents.includes(each.incident)) await probe(each, round);
  } catch (thrown) {
    logFailure(desk.log, thrown, requestId);
  }
}

const errandOf = ({ tenantId }: Round): Errand => ({
  tenantId,
  requestId,
  signal: AbortSignal.timeout(limits.patienceMs),
});

async function see(desks: Desks, round: Round, intent: DueIntent): Promise<void> {
  const desk = intent.kind === closeCart ? desks.baskets : desks.goods;
  if (!desk) return;
  try {
    if (intent.kind === closeCart) await closeLater(desk, round, intent);
    else if (desks.goods && intent.kind === take) await undoTake(desks.goods, round, intent);
    else if (desks.goods) await returnPieces(desks.goods, round, intent);
  } catch (thrown) {
    logFailure(desk.log, thrown, intent.kind);
  }
}

/** Pieces that were taken, or may have been, for an order that never was. */
async function undoTake(desk: PieceDesk, round: Round, intent: DueIntent): Promise<void> {
  const { id, target, payload, state } = intent;
  const { plan, quantity } = Moving.parse(payload);
  const moved: Moved =
    state === 'RUNNING' || plan === null
      ? { state: state === 'RUNNING' ? 'done' : 'gone' }
      : await askAgain(desk, errandOf(round), { product: target, plan });
  if (moved.state !== 'done') return conclude(desk, round, { intent, moved });
  const { tenantId } = round;
  await committed(desk, tenantId, async (em) => {
    if (state === 'OPEN') await markRunning(em, tenantId, { ids: [id], leaseSeconds });
    await reverseIntents(em, tenantId, { ids: [id], kind: take, opposite: giveBack });
  });
  await returnPieces(desk, round, { ...intent, kind: giveBack, payload: { quantity, round: 0, plan: null } });
}

/** Gives pieces back, or asks for the answer of the last try. */
async function returnPieces(desk: PieceDesk, round: Round, intent: DueIntent): Promise<void> {
  const { id, target: product, payload } = intent;
  const { quantity, plan, round: tried } = Moving.parse(payload);
  const errand = errandOf(round);
  const move = { id, kind: giveBack, product, quantity, round: tried, offer: null } as const;
  const moved = plan ? await askAgain(desk, errand, { product, plan }) : await movePieces(desk, errand, move);
  await conclude(desk, round, { intent, moved });
}

type Seen = { readonly intent: DueIntent; readonly moved: Moved };

async function conclude(desk: PieceDesk, round: Round, { intent, moved }: Seen): Promise<void> {
  const { tenantId, at } = round;
  const { id, target: product, payload, attempts } = intent;
  if (moved.state === 'trouble' || moved.state === 'contended') {
    const doubted = moved.state === 'trouble' && moved.trouble.doubted;
    if (moved.state === 'trouble') await unreachable(desk, { tenantId, requestId, at }, moved.trouble);
    return committed(desk, tenantId, async (em) => {
      const seconds = Math.min(limits.backoffSecondsMax, 2 ** attempts);
      // What was certainly not sent may be planned anew.
      const replanned = { ...intent, payload: { ...payload, plan: null }, leaseSeconds: seconds };
      if (doubted) await postponeIntents(em, tenantId, { ids: [id], seconds });
      else await planIntent(em, tenantId, replanned);
    });
  }
  const lost = moved.state === 'lost';
  if (lost) logLost(desk, { tenantId, requestId }, { product, pieces: Moving.parse(payload).quantity });
  await committed(desk, tenantId, (em) => endIntent(em, tenantId, { id, state: lost ? 'FAILED' : 'DONE' }));
}

/** Pieces whose order was cancelled or became smaller leave our books, to be given back. */
const releaseIdle = (desk: PieceDesk, { tenantId, at }: Round): Promise<void> =>
  committed(desk, tenantId, async (em) => {
    const idle = await idlePieces(em, tenantId);
    const moves = idle.map(({ variantId, locationId, available }): StockMove => ({
      kind: 'ADJUST',
      variantId,
      locationId,
      lineId: null,
      onHand: -available,
      reserved: 0,
    }));
    const events = moves.map(({ variantId, locationId, onHand }) => ({
      id: newId(),
      type: 'stock.adjusted',
      data: { variantId, locationId, onHand },
    }));
    const act = { commandId: newId(), requestId, actorId: null, tokenId: null, at };
    await writeDeeds(em, tenantId, [
      { ...act, reason: 'given back to the catalogue', moves, events, entries: [] },
    ]);
    for (const { remoteId: target, available: quantity } of idle) {
      const payload = { quantity, round: 0, plan: null };
      await planIntent(em, tenantId, { id: newId(), kind: giveBack, target, payload, leaseSeconds: 0 });
    }
  });

/** Closes the cart that became an order, unless the customer has begun another one meanwhile. */
async function closeLater(desk: Desk, round: Round, intent: DueIntent): Promise<void> {
  const { tenantId, at } = round;
  const { id, target: customer, payload, attempts } = intent;
  const carts = cartsOf(desk.client);
  const errand = errandOf(round);
  const found = await carts.find(errand, customer);
  const cart = found.ok ? found.value : null;
  const ordered = JSON.stringify(Closing.parse(payload).items);
  const same = cart !== null && isOpen(cart) && JSON.stringify(cart.items) === ordered;
  const closed = found.ok && same ? await carts.close(errand, { customer, etag: cart.etag, key: id }) : found;
  if (!closed.ok) await unreachable(desk, { tenantId, requestId, at }, closed.error);
  const seconds = Math.min(limits.backoffSecondsMax, 2 ** attempts);
  await committed(desk, tenantId, (em) =>
    closed.ok && closed.value !== false
      ? endIntent(em, tenantId, { id, state: 'DONE' })
      : postponeIntents(em, tenantId, { ids: [id], seconds }),
  );
}

/** Asks a service that was broken for something that it does not have. */
async function probe(desk: Desk, round: Round): Promise<void> {
  const nothing = '0';
  const errand = errandOf(round);
  const answered =
    desk.service === 'carts'
      ? await cartsOf(desk.client).find(errand, nothing)
      : await catalogueOf(desk.client).find(errand, nothing);
  if (answered.ok) await closeIncident(desk, { ...round, kind: desk.incident, requestId });
}
