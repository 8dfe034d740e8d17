import { err, ok, type Result } from '../result.ts';

/** Why pieces move. */
export const moveKinds = [
  'RECEIVE',
  'ADJUST',
  'RESERVE',
  'RELEASE',
  'SHIP',
  'UNSHIP',
  'RETURN',
  'WRITE_OFF',
  'TRANSFER_OUT',
  'TRANSFER_IN',
] as const;
/** One reason. */
export type MoveKind = (typeof moveKinds)[number];

/** How many pieces of one variant lie at one location, and how many of them are promised. */
export type Level = {
  readonly onHand: number;
  readonly reserved: number;
  /** How far below zero the available quantity may go; 0 means never oversell. */
  readonly backorderLimit: number;
};

/** One change of a level, as it is written to the stock history. */
export type StockMove = {
  readonly kind: MoveKind;
  readonly variantId: string;
  readonly locationId: string;
  readonly lineId: string | null;
  readonly onHand: number;
  readonly reserved: number;
};

/** What the shelf can still promise: on hand − reserved (I-2). */
export const available = ({ onHand, reserved }: Pick<Level, 'onHand' | 'reserved'>): number =>
  onHand - reserved;

/** What may still be sold: available plus the backorder limit. */
export const sellable = (level: Level): number => available(level) + level.backorderLimit;

/** A move was refused: it would take more than there is, or promise more than may be promised. */
export type StockError = {
  readonly code: 'STOCK_BELOW_ZERO';
  readonly onHand: number;
  readonly available: number;
};

/** The level after a move, or the refusal when it would break I-1 or I-2. */
export function applyMove(
  level: Level,
  move: Pick<StockMove, 'onHand' | 'reserved'>,
): Result<Level, StockError> {
  const next = { ...level, onHand: level.onHand + move.onHand, reserved: level.reserved + move.reserved };
  // A shelf that is already short may still let go of promises, and ship them: that makes it no shorter.
  const shorter = sellable(next) < Math.min(0, sellable(level));
  if (next.onHand < 0 || next.reserved < 0 || shorter)
    return err({ code: 'STOCK_BELOW_ZERO', onHand: level.onHand, available: available(level) });
  return ok(next);
}

const inverses: Partial<Record<MoveKind, MoveKind>> = {
  RESERVE: 'RELEASE',
  RELEASE: 'RESERVE',
  SHIP: 'UNSHIP',
  UNSHIP: 'SHIP',
};

/** The move that takes `move` back. */
export const inverseOf = (move: StockMove): StockMove => ({
  ...move,
  kind: inverses[move.kind] ?? 'ADJUST',
  onHand: 0 - move.onHand,
  reserved: 0 - move.reserved,
});

/** A level, and where it lies. */
export type PlacedLevel = Level & { readonly locationId: string };

/**
 * How `pieces` more (or, negative, fewer) lie at a variant's locations, first choice first: more at the
 * first, fewer wherever pieces are not promised. What cannot be taken is left out.
 */
export function spread(
  levels: readonly PlacedLevel[],
  pieces: number,
): readonly { readonly locationId: string; readonly onHand: number }[] {
  const [first] = levels;
  if (pieces > 0 && first) return [{ locationId: first.locationId, onHand: pieces }];
  let left = 0 - pieces;
  return levels.flatMap((level) => {
    const taken = Math.min(left, Math.max(0, available(level)));
    if (taken <= 0) return [];
    left -= taken;
    return [{ locationId: level.locationId, onHand: 0 - taken }];
  });
}
