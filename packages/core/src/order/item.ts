import type { Minor } from '../money.ts';
import { err, ok, type Result } from '../result.ts';
import type { EditedLine, EditOrder } from './commands.ts';
import type { EditRefusal } from './edit.ts';
import { type Line, linesOf, type Order } from './order.ts';
import type { PlaceRefusal } from './place.ts';

/** The lines of an order as readers see them: those of one variant and price are one, wherever they lie. */
export const itemsOf = <L extends Pick<Line, 'variantId' | 'unitPrice' | 'quantity'>>(
  lines: readonly L[],
): L[][] => {
  const there = lines.filter(({ quantity }) => quantity > 0);
  return [...Map.groupBy(there, ({ variantId, unitPrice }) => `${variantId} ${unitPrice}`).values()];
};

/** More pieces of a variant: of the item that there is, or as a new one. */
export type AddItem = {
  readonly type: 'addItem';
  readonly variantId: string;
  readonly ref: string;
  /** The store of the product, where it is known. */
  readonly storeId: string | undefined;
  readonly quantity: number;
  /** An assertion, unless `overridePrice`. */
  readonly unitPrice: Minor | null;
  readonly overridePrice: boolean;
};

/** Another count or price of the item that this line belongs to; `null` stays, none takes it out. */
export type ChangeItem = {
  readonly type: 'changeItem';
  readonly lineId: string;
  readonly quantity: number | null;
  readonly unitPrice: Minor | null;
  readonly overridePrice: boolean;
};

type Edit = Result<EditOrder, EditRefusal | PlaceRefusal>;

/** The edit that changes one item of an order and leaves the others. */
export function itemEdit(order: Order, command: AddItem | ChangeItem): Edit {
  const { overridePrice } = command;
  const lines = command.type === 'addItem' ? added(order, command) : changed(order, command);
  return lines.ok ? ok({ type: 'editOrder', lines: lines.value, overridePrice }) : lines;
}

type Lines = Result<readonly EditedLine[], EditRefusal | PlaceRefusal>;

/** What is there already grows at its agreed price: another price is set by changing the item. */
function added(order: Order, { type: _, overridePrice, storeId, quantity, ...said }: AddItem): Lines {
  const { ref, unitPrice, variantId } = said;
  if (order.storeId !== null && storeId !== undefined && storeId !== order.storeId)
    return err({ code: 'STORE_MISMATCH', line: 0, ref });
  const firsts = itemsOf(order.lines).flatMap((item) => item.slice(0, 1));
  const known = firsts.filter((line) => line.variantId === variantId);
  const [agreed] = known;
  if (!agreed) return ok([{ ...said, quantity }]);
  const line = known.find((one) => unitPrice === null || one.unitPrice === unitPrice);
  if (!line) return err({ code: 'PRICE_MISMATCH', line: 0, asked: unitPrice ?? 0, price: agreed.unitPrice });
  const pieces = piecesOf(itemWith(order, line.id)) + quantity;
  return changed(order, { lineId: line.id, quantity: pieces, unitPrice: null });
}

type Change = Pick<ChangeItem, 'lineId' | 'quantity' | 'unitPrice'>;

/** Where a variant has several prices its lines are named: the first one takes, the last one gives first. */
function changed(order: Order, { lineId, quantity, unitPrice }: Change): Lines {
  const item = itemWith(order, lineId);
  const [first] = item;
  if (!first) return err({ code: 'LINE_NOT_FOUND', id: lineId });
  const { variantId, requestedRef: ref } = first;
  const price = unitPrice === null ? {} : { unitPrice };
  const pieces = piecesOf(item);
  const wanted = quantity ?? pieces;
  if (linesOf(order).filter((line) => line.variantId === variantId).length === item.length)
    return ok([{ variantId, ref, quantity: wanted, ...price }]);
  let less = Math.max(0, pieces - wanted);
  const more = Math.max(0, wanted - pieces);
  const named = item.toReversed().map((line) => {
    const given = Math.min(less, line.quantity);
    less -= given;
    const kept = line.quantity - given + (line === first ? more : 0);
    return { variantId, ref, lineId: line.id, quantity: kept, ...price };
  });
  return ok(named.toReversed());
}

const itemWith = ({ lines }: Order, lineId: string): Line[] =>
  itemsOf(lines).find((item) => item.some(({ id }) => id === lineId)) ?? [];
const piecesOf = (item: readonly Line[]): number =>
  item.reduce((pieces, { quantity }) => pieces + quantity, 0);
