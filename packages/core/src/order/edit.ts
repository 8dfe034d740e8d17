import { type Minor, times } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import type { EditOrder } from './commands.ts';
import type { LineChange, OrderHappening } from './events.ts';
import { newLine, storeOf } from './line.ts';
import { isCharged, type Line, linesOf, openQuantity, type Order, type OrderStatus } from './order.ts';
import { type House, type PlaceRefusal, type PlaceRules, taxOf, worthMax } from './place.ts';
import { pickOne, type Remaining, remainingOf, sellableOf, type Shelf, type Shortage } from './shelf.ts';
import { priceLines, totalsOf } from './totals.ts';

/** An order whose lines can no longer be changed, or a line that it does not have. */
export type EditRefusal =
  | { readonly code: 'ORDER_NOT_EDITABLE'; readonly from: OrderStatus }
  | { readonly code: 'LINE_NOT_FOUND'; readonly id: string };

/** What an edit looks at besides the order: the shelf knows every variant of the order and of the edit. */
export type EditContext = { readonly house: House; readonly rules: PlaceRules };

type Edit = Result<readonly OrderHappening[], EditRefusal | PlaceRefusal>;
type Change = LineChange & {
  /** Where the edit names the variant or the line first. */
  readonly line: number;
  readonly unitPrice: Minor | undefined;
};

const editableStates: readonly OrderStatus[] = ['DRAFT', 'PENDING', 'CONFIRMED', 'PROCESSING'];

/** Whether the lines of an order may still be changed: until a first piece was shipped or refunded. */
export const isEditable = ({ status, lines }: Pick<Order, 'status' | 'lines'>): boolean =>
  editableStates.includes(status) &&
  lines.every(({ shippedQuantity, refundedQuantity }) => shippedQuantity + refundedQuantity === 0);

/**
 * Brings the named variants and lines to the counts and prices that are asked for. An edit that changes
 * nothing is nothing that happened. Throws RangeError for counts below zero, for a line that is named beside
 * its variant, and when a line must be taxed anew that is not on the shelf.
 */
export function edit(order: Order, command: EditOrder, context: EditContext): Edit {
  assertSound(command, order);
  if (!isEditable(order)) return err({ code: 'ORDER_NOT_EDITABLE', from: order.status });
  const lost = command.lines.find(({ lineId }) => lineId !== undefined && !hasLine(order, lineId));
  if (lost?.lineId !== undefined) return err({ code: 'LINE_NOT_FOUND', id: lost.lineId });
  const named = namedIn(command.lines, order);
  const remaining = remainingOf(shelfFor(order, context.house.shelf));
  const fault =
    faultOf(named, order, remaining) ?? mispriced(named, order, { command, shelf: remaining.shelf });
  if (fault) return err(fault);
  const changes = named.flatMap((change) => changedBy(change, order));
  if (changes.length === 0) return ok([]);

  const around = { ...context, remaining };
  const lines = changes.reduce<readonly Line[]>((all, change) => {
    const priced = all.map(repriced(change, around));
    return change.after < change.before ? fewer(priced, change) : more(priced, change, around);
  }, order.lines);
  if (linesOf({ lines }).length === 0) return err({ code: 'ORDER_EMPTY' });
  const worth = lines.reduce((all, { unitPrice, quantity }) => all + unitPrice * quantity, 0);
  if (worth > worthMax) return err({ code: 'TOTAL_TOO_LARGE' });
  const told = changes.map(({ line: _, unitPrice: __, ...change }) => change);
  return ok([{ type: 'order.edited', ...worthOf(order, lines, context), changes: told }]);
}

/** No grammar lets these through, so to meet one here is a fault of the program and not of a caller. */
function assertSound({ lines: asked }: EditOrder, { lines }: Order): void {
  if (
    asked.some(
      ({ quantity, unitPrice }) => !Number.isSafeInteger(quantity) || quantity < 0 || (unitPrice ?? 0) < 0,
    )
  )
    throw new RangeError('edit: a count is a whole number, and neither it nor a price is negative');
  const whole = new Set(asked.flatMap((one) => (one.lineId === undefined ? [one.variantId] : [])));
  const alone = asked.flatMap((one) => lines.filter(({ id }) => id === one.lineId));
  if (alone.some(({ variantId }) => whole.has(variantId)))
    throw new RangeError('edit: a line is named beside its variant');
}

const hasLine = ({ lines }: Order, lineId: string): boolean =>
  lines.some(({ id, quantity }) => id === lineId && quantity > 0);

/** The lines that an edit means: one, or all of a variant. */
const isMeant =
  ({ lineId, variantId }: Pick<Change, 'lineId' | 'variantId'>) =>
  (line: Line): boolean =>
    line.quantity > 0 && (lineId === undefined ? line.variantId === variantId : line.id === lineId);

/** Each variant and line once: what is asked for twice is added up. */
function namedIn(asked: EditOrder['lines'], { lines }: Order): Change[] {
  const named = new Map<string, Change>();
  for (const [line, { lineId, ref, quantity, unitPrice, ...said }] of asked.entries()) {
    const variantId = lines.find(({ id }) => id === lineId)?.variantId ?? said.variantId;
    const meant = { variantId, ...(lineId !== undefined && { lineId }) };
    const before = lines.filter(isMeant(meant)).reduce((pieces, own) => pieces + openQuantity(own), 0);
    const key = lineId ?? variantId;
    const known = named.get(key) ?? { ...meant, ref, before, after: 0, line, unitPrice: undefined };
    named.set(key, { ...known, after: known.after + quantity, unitPrice: unitPrice ?? known.unitPrice });
  }
  return [...named.values()];
}

/** What cannot be had. What the order holds may be given back even when it is no longer sold. */
function faultOf(named: readonly Change[], order: Order, { shelf, levels }: Remaining): PlaceRefusal | null {
  const shortages: Shortage[] = [];
  const taken = new Map<string, number>();
  for (const { line, variantId, ref, before, after } of named) {
    if (before > 0 && after <= before) continue;
    const item = shelf.get(variantId);
    const nowhere = order.status === 'DRAFT' && item?.levels.length === 0;
    if (!item?.active || item.currency !== order.currency || nowhere)
      return { code: 'PRODUCT_UNKNOWN', line, ref };
    const others = taken.get(variantId) ?? 0;
    const available = before + Math.max(0, sellableOf(levels(variantId)) - others);
    if (after > available) shortages.push({ line, variantId, ref, requested: after, available });
    taken.set(variantId, others + after - before);
  }
  return shortages.length > 0 ? { code: 'INSUFFICIENT_STOCK', shortages } : null;
}

/** An asserted price must be the agreed one, or for what is new the catalogue's, unless it may be set. */
function mispriced(
  named: readonly Change[],
  { lines }: Order,
  { command, shelf }: { readonly command: EditOrder; readonly shelf: Shelf },
): PlaceRefusal | null {
  if (command.overridePrice) return null;
  for (const { line, unitPrice: asked, ...change } of named) {
    const agreed = lines.filter(isMeant(change)).map(({ unitPrice }) => unitPrice);
    const prices = agreed.length > 0 ? agreed : [shelf.get(change.variantId)?.price ?? 0];
    const price = prices.find((one) => one !== asked);
    if (asked !== undefined && price !== undefined && change.after > 0)
      return { code: 'PRICE_MISMATCH', line, asked, price };
  }
  return null;
}

/** A change that changes something, with what a piece cost before when that is told. */
function changedBy(change: Change, { lines }: Order): Change[] {
  const { before, after, unitPrice } = change;
  const old = lines.filter(isMeant(change)).find((line) => line.unitPrice !== unitPrice)?.unitPrice;
  const prices = unitPrice !== undefined && after > 0 && old !== undefined;
  if (prices) return [{ ...change, price: { before: old, after: unitPrice } }];
  return before === after ? [] : [change];
}

const repriced =
  (change: Change, { remaining }: Around) =>
  (line: Line): Line => {
    const { unitPrice = line.unitPrice } = change;
    if (change.after === 0 || !isMeant(change)(line) || line.unitPrice === unitPrice) return line;
    const catalog = remaining.shelf.get(line.variantId)?.price === unitPrice;
    return { ...line, unitPrice, priceSource: catalog ? 'catalog' : 'override' };
  };

type Around = EditContext & { readonly remaining: Remaining };

/** What there is to take from: for a draft, which reserves nothing, as much as it likes. */
function shelfFor({ status }: Order, shelf: Shelf): Shelf {
  if (status !== 'DRAFT') return shelf;
  const endless = Number.MAX_SAFE_INTEGER;
  return new Map(
    [...shelf].map(([id, item]) => [
      id,
      { ...item, levels: item.levels.map((level) => ({ ...level, sellable: endless })) },
    ]),
  );
}

/** The last line that is meant gives first; a line that has given all of its pieces stays, empty. */
function fewer(lines: readonly Line[], change: Change): readonly Line[] {
  let open = change.before - change.after;
  const given = lines.toReversed().map((line) => {
    const pieces = isMeant(change)(line) ? Math.min(open, openQuantity(line)) : 0;
    open -= pieces;
    return pieces > 0 ? { ...line, quantity: line.quantity - pieces } : line;
  });
  return given.toReversed();
}

/** The lines that are meant take first, each at its place; the rest lies elsewhere, on lines of its own. */
function more(lines: readonly Line[], change: Change, { remaining, rules }: Around): readonly Line[] {
  const { variantId, ref, line: at } = change;
  let open = change.after - change.before;
  const take = (locationId: string, quantity: number) => {
    remaining.take([{ line: at, variantId, locationId, quantity }]);
    open -= quantity;
  };
  const grown = lines.map((line) => {
    const there =
      remaining.levels(variantId).find((level) => level.locationId === line.locationId)?.sellable ?? 0;
    const pieces = isMeant(change)(line) ? Math.min(open, Math.max(0, there)) : 0;
    if (pieces <= 0) return line;
    take(line.locationId, pieces);
    return { ...line, quantity: line.quantity + pieces };
  });
  const item = remaining.shelf.get(variantId);
  const like = lines.find(isMeant(change));
  const wanted = { line: at, variantId, quantity: open };
  const picks = open > 0 && item ? pickOne(wanted, remaining.levels(variantId)) : [];
  const added = picks.flatMap(({ locationId, quantity }, index) => {
    take(locationId, quantity);
    const said = { id: rules.newId(), position: lines.length + index, locationId, quantity };
    if (like) return [{ ...like, ...said, cancelledQuantity: 0 }];
    return item ? [newLine(item, { ...said, ref, unitPrice: change.unitPrice ?? item.price })] : [];
  });
  return [...grown, ...added];
}

type Worth = Omit<Extract<OrderHappening, { type: 'order.edited' }>, 'type' | 'changes'>;

/** The lines with their shares of discount and tax, and what the order is worth with them. */
function worthOf(order: Order, counted: readonly Line[], { house, rules }: EditContext): Worth {
  const taxed = isCharged(order);
  const totalled = counted.map((line) => ({ ...line, total: times(line.unitPrice, line.quantity) }));
  const known = new Map(order.lines.map((line) => [line.id, line]));
  const rate = (line: Line) => (taxed ? taxOf(house.shelf.get(line.variantId)?.taxClass, rules) : 0);
  const lines = priceLines(totalled, order.discount, rate).map((line) => {
    const was = known.get(line.id);
    // A line that is worth what it was keeps the tax it was placed with, whatever the rates are today.
    if (was?.total === line.total && was.discount === line.discount) return { ...line, tax: was.tax };
    if (taxed && !house.shelf.has(line.variantId))
      throw new RangeError(`edit: variant ${line.variantId} of the order is not on the shelf`);
    return line;
  });
  const { subtotal, discount, tax, total } = totalsOf(lines, order.shipping);
  const charges = order.charges.map((charge) =>
    charge.kind === 'DISCOUNT' ? { ...charge, amount: discount } : charge,
  );
  return { lines, charges, subtotal, discount, tax, total, storeId: storeOf(linesOf({ lines })) };
}
