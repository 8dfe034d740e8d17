import { allocate, minor, type Minor, times } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import type { OrderHappening } from './events.ts';
import { type Instant, type Line, linesOf, type Order } from './order.ts';
import type { House, PlaceRefusal, PlaceRules } from './place.ts';
import { pickLines, type Portion, remainingOf } from './shelf.ts';

/** A draft was to be confirmed for another total than its lines are worth (T4). */
export type TotalMismatch = {
  readonly code: 'TOTAL_MISMATCH';
  readonly declared: number;
  readonly total: number;
};

type Context = { readonly at: Instant; readonly house: House; readonly rules: PlaceRules };
type Settled<E> = Result<readonly OrderHappening[], E>;

/** T3: a draft becomes an order of the lines that were written into it. */
export function placeDraft(order: Order, context: Context): Settled<PlaceRefusal> {
  if (linesOf(order).length === 0) return err({ code: 'ORDER_EMPTY' });
  const lines = pickedFor(order, context);
  if (!lines.ok) return lines;
  const placed: Order = { ...order, status: 'PENDING', lines: lines.value, placedAt: context.at };
  return ok([{ type: 'order.placed', order: placed }]);
}

/** T4: a draft without lines is worth what was agreed; one with lines must be worth it, and takes them. */
export function confirmDraft(
  order: Order,
  declaredTotal: Minor,
  context: Context,
): Settled<PlaceRefusal | TotalMismatch> {
  if (minor(declaredTotal) < 0) throw new RangeError('confirmDraft: the total must not be negative');
  if (linesOf(order).length > 0 && declaredTotal !== order.total)
    return err({ code: 'TOTAL_MISMATCH', declared: declaredTotal, total: order.total });
  const lines = pickedFor(order, context);
  if (!lines.ok) return lines;
  const { at } = context;
  const confirmed: Order = {
    ...order,
    status: 'CONFIRMED',
    lines: lines.value,
    declaredTotal,
    total: declaredTotal,
    placedAt: at,
    confirmedAt: at,
  };
  return ok([{ type: 'order.confirmed', order: confirmed }]);
}

/**
 * The lines of a draft, each where its pieces are now: a line keeps its id, and what one place does not hold
 * goes on as a line of its own. Prices and shares stay as they were agreed.
 */
function pickedFor(order: Order, { house, rules }: Context): Result<readonly Line[], PlaceRefusal> {
  const wanted = linesOf(order);
  for (const [line, { variantId, requestedRef: ref }] of wanted.entries()) {
    const item = house.shelf.get(variantId);
    if (!item?.active || item.currency !== order.currency) return err({ code: 'PRODUCT_UNKNOWN', line, ref });
  }
  if (wanted.length === 0) return ok(order.lines);
  const asked = wanted.map(({ variantId, requestedRef: ref, quantity }) => ({ variantId, ref, quantity }));
  const picked = pickLines(asked, remainingOf(house.shelf), 'reject');
  if (!picked.ok) return picked;

  const kept = new Map<string, Line>();
  const further: Line[] = [];
  for (const [at, line] of wanted.entries()) {
    const [first, ...rest] = parted(
      line,
      picked.value.picks.filter((pick) => pick.line === at),
    );
    if (first) kept.set(line.id, first);
    for (const part of rest)
      further.push({ ...part, id: rules.newId(), position: order.lines.length + further.length });
  }
  return ok([...order.lines.map((line) => kept.get(line.id) ?? line), ...further]);
}

/** A line in parts, one for each place; discount and tax are shared by their pieces, to the last cent. */
function parted(line: Line, portions: readonly Portion[]): Line[] {
  const pieces = portions.map(({ quantity }) => quantity);
  const discounts = allocate(line.discount, pieces);
  const taxes = allocate(line.tax, pieces);
  return portions.map(({ locationId, quantity }, at) => ({
    ...line,
    locationId,
    quantity,
    discount: discounts[at] ?? 0,
    tax: taxes[at] ?? 0,
    total: times(line.unitPrice, quantity),
  }));
}
