import { applyMove, err, ok, type Result, type StockMove } from '@orderloom/core';
import type { AdjustStock, ReceiveStock } from '@orderloom/core/inputs';
import { type EntityManager, levelsOfVariant, lockLevels, writeDeeds } from '@orderloom/db';
import type { z } from 'zod';
import type { Refusal } from '../errors.ts';
import { actOf } from '../act.ts';
import type { Actor } from '../trpc.ts';
import type { LevelView } from './views.ts';

type Answer = Promise<Result<z.output<typeof LevelView>, Refusal>>;
type Wanted = {
  readonly variant: string;
  readonly location: string | undefined;
  readonly kind: 'RECEIVE' | 'ADJUST';
  readonly quantity: number;
  readonly reason: string;
};

/** Goods arrive. */
export const receiveStock = (em: EntityManager, input: ReceiveStock, actor: Actor): Answer =>
  change(em, { ...input, location: input.location, kind: 'RECEIVE' }, actor);

/** The count was wrong; never below what is promised to orders. */
export const adjustStock = (em: EntityManager, input: AdjustStock, actor: Actor): Answer =>
  change(em, { ...input, location: input.location, kind: 'ADJUST' }, actor);

/** What the column holds; a shelf that is fuller has been counted wrong. */
const onHandMax = 2_147_483_647;
const tooMuch = `makes more than the ${onHandMax} pieces that one place can hold`;

async function change(em: EntityManager, wanted: Wanted, actor: Actor): Answer {
  const { tenantId } = actor.caller;
  const levels = await levelsOfVariant(em, tenantId, wanted.variant);
  const [first] = levels;
  if (!first) return err({ code: 'REFERENCE_UNKNOWN', field: 'variant', what: 'Variant' });
  const place =
    wanted.location === undefined ? first : levels.find(({ locationId }) => locationId === wanted.location);
  if (!place) return err({ code: 'LOCATION_NOT_FOUND', id: wanted.location ?? '' });

  const locked = await lockLevels(em, tenantId, [wanted.variant]);
  const level = locked.find(({ locationId }) => locationId === place.locationId);
  if (!level) return err({ code: 'LOCATION_NOT_FOUND', id: place.locationId });
  if (level.onHand + wanted.quantity > onHandMax)
    return err({ code: 'INVALID_INPUT', issues: [{ path: 'quantity', message: tooMuch }] });
  const next = applyMove(level, { onHand: wanted.quantity, reserved: 0 });
  if (!next.ok) return next;
  const move: StockMove = {
    kind: wanted.kind,
    variantId: wanted.variant,
    locationId: place.locationId,
    lineId: null,
    onHand: wanted.quantity,
    reserved: 0,
  };
  await moveStock(em, { moves: [move], reason: wanted.reason, actor });
  const { onHand, reserved } = next.value;
  return ok({ ...place, onHand, reserved, available: onHand - reserved });
}

/** Writes moves that no order caused, with their history and one event each. */
export const moveStock = (em: EntityManager, { moves, reason, actor }: Moving): Promise<void> =>
  writeDeeds(em, actor.caller.tenantId, [
    { ...actOf(actor, reason), moves, entries: [], events: moves.map((move) => eventOf(move, actor)) },
  ]);
export type Moving = { readonly moves: readonly StockMove[]; readonly reason: string; readonly actor: Actor };

const eventOf = ({ kind, variantId, locationId, onHand }: StockMove, { newId }: Actor) => ({
  id: newId(),
  type: kind === 'RECEIVE' ? 'stock.received' : 'stock.adjusted',
  data: { variantId, locationId, onHand },
});
