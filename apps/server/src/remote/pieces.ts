import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ok, type Result } from '@orderloom/core';
import { aloneWith, planIntent } from '@orderloom/db';
import type { BulkheadPolicy } from 'cockatiel';
import { z } from 'zod';
import type { Errand } from '../remote.ts';
import { catalogueOf, type RemoteProduct } from './catalogue.ts';
import { committed, type Desk } from './desk.ts';
import type { Trouble } from './http.ts';
import type { Left, Turns } from './turns.ts';

export const take = 'catalogue.take';
export const giveBack = 'catalogue.give_back';

/** How long nobody else may look after an effect that is being tried. */
export const leaseSeconds = 20;

/** What is recorded before pieces move: how many, and the very request that moves them. */
export const Moving = z.object({
  quantity: z.int().min(1),
  round: z.int().min(0),
  plan: z.object({ quantity: z.int(), etag: z.string().nullable(), key: z.string() }).nullable(),
});
type Moving = z.output<typeof Moving>;
type Plan = NonNullable<Moving['plan']>;

/** Pieces of a product that are to leave a catalogue, or to come back. */
export type Move = {
  readonly id: string;
  readonly kind: typeof take | typeof giveBack;
  readonly product: string;
  readonly quantity: number;
  readonly round: number;
  /** What was read a moment ago. */
  readonly offer: RemoteProduct | null;
};

/**
 * What became of a move. `lost`: nobody can know whether it happened, and it must not be repeated; pieces
 * in this state are sold by nobody. `contended`: others were faster, again and again.
 */
export type Moved =
  | { readonly state: 'done' | 'gone' | 'lost' | 'contended' }
  | { readonly state: 'short'; readonly available: number }
  | { readonly state: 'trouble'; readonly trouble: Trouble };

export type PieceDesk = Desk & {
  readonly turns: Turns<RemoteProduct>;
  /** Moves hold connections to the database, so only a few go on at once. */
  readonly few: BulkheadPolicy;
};

const limits = { rounds: 50, pauseMs: 10 };

/**
 * Moves pieces: reads how many there are, and sets the new number of that very version. Who had to wait for
 * others begins with what they have found.
 */
export const movePieces = (desk: PieceDesk, errand: Ours, move: Move): Promise<Moved> =>
  desk.turns(`${errand.tenantId} ${move.product}`, (left, waited) =>
    desk.few.execute(() => moveInTurn(desk, errand, { move, left, offer: waited ? left.last : move.offer })),
  );

async function moveInTurn(desk: PieceDesk, errand: Ours, turn: Turn): Promise<Moved> {
  const { product } = turn.move;
  const found = await known(desk, errand, { product, offer: turn.offer });
  if (!found.ok) return { state: 'trouble', trouble: found.error };
  if (found.value === null) return { state: 'gone' };
  if (found.value.etag !== null) return inRounds(desk, errand, { ...turn, offer: found.value });
  // Without versions nothing keeps two takers apart but that there is only one.
  const thing = `catalogue ${errand.tenantId} ${product}`;
  return aloneWith(desk.db, thing, () => inRounds(desk, errand, { ...turn, offer: null }));
}

type Ours = Pick<Errand, 'tenantId' | 'requestId' | 'signal'>;
type Turn = { readonly move: Move; readonly left: Left<RemoteProduct>; offer: RemoteProduct | null };

const known = (desk: Desk, errand: Ours, { offer, product }: Pick<Move, 'offer' | 'product'>) =>
  offer
    ? Promise.resolve<Result<RemoteProduct | null, Trouble>>(ok(offer))
    : catalogueOf(desk.client).find(errand, product);

async function inRounds(desk: PieceDesk, errand: Ours, turn: Turn): Promise<Moved> {
  const { move, left } = turn;
  const { product } = move;
  const by = move.kind === take ? -move.quantity : move.quantity;
  for (let n = 1; n <= limits.rounds && !errand.signal.aborted; n += 1) {
    const found = await known(desk, errand, { product, offer: turn.offer });
    left.last = null;
    if (!found.ok) return { state: 'trouble', trouble: found.error };
    if (found.value === null) return { state: 'gone' };
    const { quantity: there, etag } = found.value;
    if (there + by < 0) {
      left.last = found.value;
      return { state: 'short', available: Math.max(0, there) };
    }
    const round = move.round + n;
    const plan: Plan = { quantity: there + by, etag, key: `${move.id}.${move.kind}.${round}` };
    await record(desk, errand, { move: { ...move, round }, plan });
    const step = await carryOut(desk, errand, { product, plan, by });
    left.last = step.etag === null ? null : { ...found.value, quantity: plan.quantity, etag: step.etag };
    if (step.moved) return step.moved;
    turn.offer = null;
    await sleep(randomInt(limits.pauseMs));
  }
  return { state: 'contended' };
}

/** Before it is tried, so that whatever happens to us, somebody knows what may have happened there. */
const record = (desk: Desk, { tenantId }: Ours, { move, plan }: Planned): Promise<void> => {
  const { id, kind, product: target, quantity, round } = move;
  const payload: Moving = { quantity, round, plan };
  const intent = { id, kind, target, payload, leaseSeconds };
  return committed(desk, tenantId, (em) => planIntent(em, tenantId, intent));
};
type Planned = { readonly move: Move; readonly plan: Plan };

type Step = { readonly product: string; readonly plan: Plan; readonly by: number };
/** Nothing moved when somebody else was faster, and it may be planned anew. */
type Stepped = { readonly moved: Moved | null; readonly etag: string | null };

/** Sends one planned request. */
async function carryOut(desk: Desk, errand: Ours, { product, plan, by }: Step): Promise<Stepped> {
  const catalogue = catalogueOf(desk.client);
  const only = (moved: Moved | null): Stepped => ({ moved, etag: null });
  const set = await catalogue.set(errand, { id: product, ...plan });
  if (set.ok) {
    const { state, doubted, etag } = set.value;
    if (state === 'stale') return only(doubted ? { state: 'lost' } : null);
    return { moved: { state }, etag: state === 'done' ? etag : null };
  }
  if (!set.error.doubted || plan.etag !== null) return only({ state: 'trouble', trouble: set.error });
  // Nobody else sets this product meanwhile, so its quantity tells whether it was us.
  const after = await catalogue.find(errand, product);
  if (!after.ok) return only({ state: 'trouble', trouble: set.error });
  if (after.value?.quantity === plan.quantity) return only({ state: 'done' });
  return only(
    after.value?.quantity === plan.quantity - by
      ? { state: 'trouble', trouble: { ...set.error, doubted: false } }
      : { state: 'lost' },
  );
}

/**
 * Asks again for the answer to a request that was planned and perhaps sent, long ago or by a server that is
 * no more. A version that is gone may have gone by our own hand.
 */
export async function askAgain(
  desk: Desk,
  errand: Ours,
  { product, plan }: { readonly product: string; readonly plan: Plan },
): Promise<Moved> {
  if (plan.etag === null) return { state: 'lost' };
  const moved = (await carryOut(desk, errand, { product, plan, by: 0 })).moved ?? { state: 'lost' };
  // Not being sent this time says nothing of the time before.
  return moved.state === 'trouble' ? { ...moved, trouble: { ...moved.trouble, doubted: true } } : moved;
}
