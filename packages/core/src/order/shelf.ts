import { err, ok, type Result } from '../result.ts';

/** A variant as it is for sale, with what each location can still promise, first choice first. */
export type ShelfItem = {
  readonly productId: string;
  readonly variantId: string;
  readonly storeId: string;
  readonly sku: string;
  readonly name: string;
  /** The catalogue price of one piece, in minor units. */
  readonly price: number;
  readonly currency: string;
  readonly taxClass: string;
  readonly active: boolean;
  readonly levels: readonly ShelfLevel[];
};

/** What one location can still promise of a variant; below zero when it has promised too much. */
export type ShelfLevel = { readonly locationId: string; readonly sellable: number };

/** The variants that a batch asks for, by id. */
export type Shelf = ReadonlyMap<string, ShelfItem>;

/** A line that the shelf cannot serve. `line` is its (first) position in the request. */
export type Shortage = {
  readonly line: number;
  readonly variantId: string;
  readonly ref: string;
  readonly requested: number;
  readonly available: number;
};

/** Pieces taken for one asked line at one location. */
export type Portion = {
  readonly line: number;
  readonly variantId: string;
  readonly locationId: string;
  readonly quantity: number;
};

/** So many pieces of a variant, by the name that the client gave it. */
export type Wanted = { readonly variantId: string; readonly ref: string; readonly quantity: number };

/** The shelf while a batch is decided: what earlier orders of the batch took is gone. */
export type Remaining = {
  readonly shelf: Shelf;
  readonly levels: (variantId: string) => readonly ShelfLevel[];
  readonly take: (picks: readonly Portion[]) => void;
};

/** Opens a shelf for taking; the shelf itself is never changed. */
export function remainingOf(shelf: Shelf): Remaining {
  const touched = new Map<string, readonly ShelfLevel[]>();
  const levels = (variantId: string) => touched.get(variantId) ?? shelf.get(variantId)?.levels ?? [];
  const take = (picks: readonly Portion[]) => {
    for (const pick of picks) touched.set(pick.variantId, without(levels(pick.variantId), pick));
  };
  return { shelf, levels, take };
}

/** The levels after pieces were taken at one location. */
export const without = (
  levels: readonly ShelfLevel[],
  { locationId, quantity }: Pick<Portion, 'locationId' | 'quantity'>,
): readonly ShelfLevel[] =>
  levels.map((level) =>
    level.locationId === locationId ? { locationId, sellable: level.sellable - quantity } : level,
  );

/** What all locations together can still promise. */
export const sellableOf = (levels: readonly ShelfLevel[]): number =>
  levels.reduce((pieces, level) => pieces + Math.max(0, level.sellable), 0);

type Picked = { readonly picks: readonly Portion[]; readonly shortages: readonly Shortage[] };
type Short = { readonly code: 'INSUFFICIENT_STOCK'; readonly shortages: readonly Shortage[] };

/**
 * Picks all lines of one request. Lines of one variant compete for the same pieces, so their demand is
 * counted together. With `reject` every shortage is reported and nothing is picked; with `partial` a line is
 * taken whole or left out, and only when all are left out is the request refused.
 */
export function pickLines(
  lines: readonly Wanted[],
  remaining: Remaining,
  onShortage: 'reject' | 'partial',
): Result<Picked, Short> {
  const shortages = onShortage === 'reject' ? shortagesOf(lines, remaining) : [];
  if (shortages.length > 0) return err({ code: 'INSUFFICIENT_STOCK', shortages });

  const own = new Map<string, readonly ShelfLevel[]>();
  const left = (variantId: string) => own.get(variantId) ?? remaining.levels(variantId);
  const picks: Portion[] = [];
  for (const [line, { variantId, ref, quantity }] of lines.entries()) {
    const levels = left(variantId);
    const available = sellableOf(levels);
    if (available < quantity) {
      shortages.push({ line, variantId, ref, requested: quantity, available });
      continue;
    }
    const taken = pickOne({ line, variantId, quantity }, levels);
    own.set(variantId, taken.reduce(without, levels));
    picks.push(...taken);
  }
  if (picks.length === 0) return err({ code: 'INSUFFICIENT_STOCK', shortages });
  return ok({ picks, shortages });
}

/** The first location that holds the whole line, else as many as it takes, in their order. */
export function pickOne(wanted: Omit<Portion, 'locationId'>, levels: readonly ShelfLevel[]): Portion[] {
  const whole = levels.find(({ sellable }) => sellable >= wanted.quantity);
  if (whole) return [{ ...wanted, locationId: whole.locationId }];
  const picks: Portion[] = [];
  let open = wanted.quantity;
  for (const { locationId, sellable } of levels) {
    const quantity = Math.min(open, Math.max(0, sellable));
    if (quantity > 0) picks.push({ ...wanted, locationId, quantity });
    open -= quantity;
  }
  return picks;
}

function shortagesOf(lines: readonly Wanted[], remaining: Remaining): Shortage[] {
  const demand = new Map<string, Shortage>();
  for (const [line, { variantId, ref, quantity }] of lines.entries()) {
    const before = demand.get(variantId);
    const requested = (before?.requested ?? 0) + quantity;
    demand.set(variantId, { ...(before ?? { line, variantId, ref, available: 0 }), requested });
  }
  return [...demand.values()]
    .map((wanted) => ({ ...wanted, available: sellableOf(remaining.levels(wanted.variantId)) }))
    .filter(({ requested, available }) => requested > available);
}
