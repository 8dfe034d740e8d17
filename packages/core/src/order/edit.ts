import { times } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import type { EditOrder } from './commands.ts';
import type { LineChange, OrderHappening } from './events.ts';
import { newLine, storeOf } from './line.ts';
import { type Line, linesOf, openQuantity, type Order, type OrderStatus } from './order.ts';
import { type House, type PlaceRefusal, type PlaceRules, taxOf, worthMax } from './place.ts';
import { pickOne, sellableOf, type Shelf, type ShelfLevel, type Shortage, without } from './shelf.ts';
import { priceLines, totalsOf } from './totals.ts';

/** An order whose lines can no longer be changed. */
export type EditRefusal = { readonly code: 'ORDER_NOT_EDITABLE'; readonly from: OrderStatus };

/** What an edit looks at besides the order: the shelf knows every variant of the order and of the edit. */
export type EditContext = { readonly house: House; readonly rules: PlaceRules };

type Edit = Result<readonly OrderHappening[], EditRefusal | PlaceRefusal>;
type Change = LineChange & {
  /** Where the edit names the variant first. */
  readonly line: number;
};

const editableStates: readonly OrderStatus[] = ['DRAFT', 'PENDING', 'CONFIRMED', 'PROCESSING'];

/** Whether the lines of an order may still be changed: until the first piece has left the house. */
export const isEditable = ({ status, lines }: Pick<Order, 'status' | 'lines'>): boolean =>
  editableStates.includes(status) && lines.every(({ shippedQuantity }) => shippedQuantity === 0);

/**
 * Brings the named variants to the counts that are asked for. An edit that changes nothing is nothing that
 * happened. Throws RangeError for counts below zero, and when a line must be taxed anew that is not on the
 * shelf.
 */
export function edit(order: Order, { lines: asked }: EditOrder, context: EditContext): Edit {
  if (asked.some(({ quantity }) => !Number.isSafeInteger(quantity) || quantity < 0))
    throw new RangeError('edit: a count is a whole number that is not negative');
  if (!isEditable(order)) return err({ code: 'ORDER_NOT_EDITABLE', from: order.status });
  const named = namedIn(asked, order);
  const fault = faultOf(named, order, context.house.shelf);
  if (fault) return err(fault);
  const changes = named.filter(({ before, after }) => before !== after);
  if (changes.length === 0) return ok([]);

  const around = { ...context, levels: levelsFor(order, context.house.shelf) };
  const lines = changes.reduce<readonly Line[]>(
    (all, change) => (change.after < change.before ? fewer(all, change) : more(all, change, around)),
    order.lines,
  );
  if (linesOf({ lines }).length === 0) return err({ code: 'ORDER_EMPTY' });
  const worth = lines.reduce((all, { unitPrice, quantity }) => all + unitPrice * quantity, 0);
  if (worth > worthMax) return err({ code: 'TOTAL_TOO_LARGE' });
  const told = changes.map(({ line: _, ...change }) => change);
  return ok([{ type: 'order.edited', ...worthOf(order, lines, context), changes: told }]);
}

/** Each variant once: what is asked for twice is added up. */
function namedIn(asked: EditOrder['lines'], order: Order): Change[] {
  const named = new Map<string, Change>();
  for (const [line, { variantId, ref, quantity }] of asked.entries()) {
    const before = piecesOf(order, variantId);
    const known = named.get(variantId) ?? { variantId, ref, before, after: 0, line };
    named.set(variantId, { ...known, after: known.after + quantity });
  }
  return [...named.values()];
}

const piecesOf = ({ lines }: Order, variantId: string): number =>
  lines.reduce((pieces, line) => pieces + (line.variantId === variantId ? openQuantity(line) : 0), 0);

/** What cannot be had. What the order holds may be given back even when it is no longer sold. */
function faultOf(named: readonly Change[], order: Order, shelf: Shelf): PlaceRefusal | null {
  const shortages: Shortage[] = [];
  for (const { line, variantId, ref, before, after } of named) {
    if (before > 0 && after <= before) continue;
    const item = shelf.get(variantId);
    const nowhere = order.status === 'DRAFT' && item?.levels.length === 0;
    if (!item?.active || item.currency !== order.currency || nowhere)
      return { code: 'PRODUCT_UNKNOWN', line, ref };
    const available = before + sellableOf(levelsFor(order, shelf)(variantId));
    if (after > available) shortages.push({ line, variantId, ref, requested: after, available });
  }
  return shortages.length > 0 ? { code: 'INSUFFICIENT_STOCK', shortages } : null;
}

type LevelsOf = (variantId: string) => readonly ShelfLevel[];
type Around = EditContext & { readonly levels: LevelsOf };

/** What there is to take from: for a draft, which reserves nothing, as much as it likes. */
const levelsFor =
  ({ status }: Order, shelf: Shelf): LevelsOf =>
  (variantId) => {
    const levels = shelf.get(variantId)?.levels ?? [];
    const endless = Number.MAX_SAFE_INTEGER;
    return status === 'DRAFT' ? levels.map((level) => ({ ...level, sellable: endless })) : levels;
  };

/** The last line of the variant gives first; a line that has given all of its pieces stays, empty. */
function fewer(lines: readonly Line[], { variantId, before, after }: Change): readonly Line[] {
  let open = before - after;
  const given = lines.toReversed().map((line) => {
    const pieces = line.variantId === variantId ? Math.min(open, openQuantity(line)) : 0;
    open -= pieces;
    return pieces > 0 ? { ...line, quantity: line.quantity - pieces } : line;
  });
  return given.toReversed();
}

/** The variant's own lines take first, each at its place; the rest lies elsewhere, on lines of its own. */
function more(lines: readonly Line[], change: Change, { house, levels, rules }: Around): readonly Line[] {
  const { variantId, ref } = change;
  const own = ({ variantId: of, quantity }: Line) => of === variantId && quantity > 0;
  let left = levels(variantId);
  let open = change.after - change.before;
  const grown = lines.map((line) => {
    const { locationId } = line;
    const there = left.find((level) => level.locationId === locationId)?.sellable ?? 0;
    const pieces = own(line) ? Math.min(open, Math.max(0, there)) : 0;
    left = without(left, { locationId, quantity: pieces });
    open -= pieces;
    return pieces > 0 ? { ...line, quantity: line.quantity + pieces } : line;
  });
  const item = house.shelf.get(variantId);
  const like = lines.find(own);
  const picks = open > 0 && item ? pickOne({ line: change.line, variantId, quantity: open }, left) : [];
  const added = picks.flatMap(({ locationId, quantity }, at) => {
    const said = { id: rules.newId(), position: lines.length + at, locationId, quantity };
    if (like) return [{ ...like, ...said, cancelledQuantity: 0 }];
    return item ? [newLine(item, { ...said, ref, unitPrice: item.price })] : [];
  });
  return [...grown, ...added];
}

type Worth = Omit<Extract<OrderHappening, { type: 'order.edited' }>, 'type' | 'changes'>;

/** The lines with their shares of discount and tax, and what the order is worth with them. */
function worthOf(order: Order, counted: readonly Line[], { house, rules }: EditContext): Worth {
  const taxed = order.origin !== 'balance' && order.origin !== 'service';
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
