import { allocate } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import type { Order } from './order.ts';
import {
  type AskedLine,
  type House,
  type Left,
  leftOf,
  type Placed,
  placeOne,
  type PlaceRefusal,
  type PlaceRequest,
  type PlaceRules,
  worthMax,
} from './place.ts';
import type { Shelf, Shortage } from './shelf.ts';

/**
 * A request for one or several stores as one request per store, in the order of their first lines, all of one
 * group. Discount and shipping are those of the whole, shared by what the lines of each store are worth. A
 * request that names its store, or whose lines are all of one, stays as it is.
 */
export function split(request: PlaceRequest, shelf: Shelf, newId: () => string): readonly PlaceRequest[] {
  const stores = storesOf(request, shelf);
  if (request.storeId !== null || stores.size < 2) return [request];
  const worths = [...stores.values()].map((lines) => worthOf(lines, shelf));
  const whole = worths.reduce((all, worth) => all + worth, 0);
  const weights = whole > 0 ? worths : worths.map(() => 1);
  const discounts = allocate(Math.min(request.discount, whole), weights);
  const id = newId();
  return [...stores].map(([storeId, lines], at) => ({
    ...request,
    id: at === 0 ? request.id : newId(),
    storeId,
    lines,
    discount: discounts[at] ?? 0,
    group: { id, weights, at },
  }));
}

/** The lines by store, each with its place in the whole; what nobody sells stays with the first store. */
function storesOf({ lines }: PlaceRequest, shelf: Shelf): Map<string, AskedLine[]> {
  const known = lines.flatMap(({ variantId }) => shelf.get(variantId)?.storeId ?? []);
  const stores = new Map<string, AskedLine[]>();
  for (const [position, line] of lines.entries()) {
    const storeId = shelf.get(line.variantId)?.storeId ?? known[0];
    if (storeId === undefined) continue;
    const own = stores.get(storeId) ?? [];
    stores.set(storeId, [...own, { ...line, position }]);
  }
  return stores;
}

const worthOf = (lines: readonly AskedLine[], shelf: Shelf): number =>
  lines.reduce(
    (all, { variantId, unitPrice, quantity }) =>
      all + (unitPrice ?? shelf.get(variantId)?.price ?? 0) * quantity,
    0,
  );

/**
 * Places a batch of groups, where a single order is a group of one. A group is placed whole or not at all:
 * when one of its orders is refused the group is, and nothing was taken for it. Lines are named by their
 * place in the request that was split.
 */
export function placeGroups(
  groups: readonly (readonly PlaceRequest[])[],
  house: House,
  rules: PlaceRules,
): Result<readonly Placed[], PlaceRefusal>[] {
  const left = leftOf(house);
  return groups.map((group) => placeGroup(group, left, rules));
}

function placeGroup(
  group: readonly PlaceRequest[],
  left: Left,
  rules: PlaceRules,
): Result<readonly Placed[], PlaceRefusal> {
  const purses = group.flatMap(({ customerId: id }) =>
    id === null ? [] : [[id, left.purses.get(id)] as const],
  );
  const answers = group.map((request) => inWhole(request, placeOne(request, left, rules)));
  const placed = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
  const fault = worstOf(answers.flatMap((answer) => (answer.ok ? [] : [answer.error])));
  const worth = placed.flatMap(ordersOf).reduce((all, { subtotal }) => all + subtotal, 0);
  if (!fault && worth <= worthMax) return ok(placed);

  const taken = placed.flatMap(ordersOf).flatMap(({ lines }) => lines);
  left.remaining.take(taken.map((line) => ({ ...line, line: 0, quantity: -line.quantity })));
  for (const [id, purse] of purses) if (purse !== undefined) left.purses.set(id, purse);
  return err(fault ?? { code: 'TOTAL_TOO_LARGE' });
}

const ordersOf = ({ events }: Placed): Order[] =>
  events.flatMap((event) => (event.type === 'order.placed' ? [event.order] : []));

/** An answer whose lines are named as they were before the request was split. */
function inWhole(
  { lines }: PlaceRequest,
  answer: Result<Placed, PlaceRefusal>,
): Result<Placed, PlaceRefusal> {
  const at = (line: number) => lines[line]?.position ?? line;
  const all = (shortages: readonly Shortage[]) =>
    shortages.map((shortage) => ({ ...shortage, line: at(shortage.line) }));
  if (answer.ok) return ok({ ...answer.value, shortages: all(answer.value.shortages) });
  const { error } = answer;
  if (error.code === 'INSUFFICIENT_STOCK') return err({ ...error, shortages: all(error.shortages) });
  return err('line' in error ? { ...error, line: at(error.line) } : error);
}

/** The refusal that the request would have met as a whole: what is unknown first, then all that is short. */
function worstOf(faults: readonly PlaceRefusal[]): PlaceRefusal | undefined {
  const shortages = faults.flatMap((fault) => (fault.code === 'INSUFFICIENT_STOCK' ? fault.shortages : []));
  const first = faults.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
  if (first?.code !== 'INSUFFICIENT_STOCK') return first;
  return { ...first, shortages: shortages.toSorted((a, b) => a.line - b.line) };
}

function rankOf(fault: PlaceRefusal): number {
  if ('line' in fault) return fault.line;
  const late = ['TOTAL_TOO_LARGE', 'INSUFFICIENT_STOCK', 'INSUFFICIENT_BALANCE'].indexOf(fault.code);
  return late < 0 ? -1 : Number.MAX_SAFE_INTEGER - 3 + late;
}
