import {
  type Charge,
  type Fulfillment,
  itemsOf,
  type Line,
  type LineQuantity,
  type Order,
  type Payment,
  paymentStatusOf,
  type Refund,
  type Return,
} from '@orderloom/core';
import {
  chargeColumns,
  type Columns,
  fulfillmentColumns,
  lineColumns,
  lineQuantityColumns,
  paymentColumns,
  refundColumns,
  refundPartColumns,
  returnColumns,
} from '../columns.ts';
import { assigned, type Column, columnsFrom, type Statement, type Table, type Update } from './statement.ts';

/** An order before and after a command. */
export type OrderChange = { readonly before: Order | null; readonly after: Order };

/** A part with its place among its siblings; `whole` is the id of what it is part of. */
type Part<T> = { readonly whole: string; readonly position: number; readonly part: T; readonly at: string };

const partTable = <T extends object>(
  table: string,
  whole: string,
  columns: Columns<string>,
): Table<Part<T>> => ({
  table,
  columns: [
    [whole, 'uuid', (row) => row.whole],
    ['position', 'int', (row) => row.position],
    ...columnsFrom<Part<T>>(columns, ({ part }) => part).filter(([column]) => column !== 'position'),
  ],
});

const updated: Column<Part<Payment>> = ['updated_at', 'timestamptz', (row) => row.at];
const status: Column<Part<Payment>> = ['status', 'text', ({ part }) => paymentStatusOf(part)];

const items = partTable<ItemLine>('order_items', 'order_id', {
  ...lineColumns,
  itemQuantity: ['item_quantity', 'int'],
  itemTotal: ['item_total_minor', 'bigint'],
});
const charges = partTable<Charge>('order_charges', 'order_id', chargeColumns);
const plainPayments = partTable<Payment>('payments', 'order_id', paymentColumns);
const payments = { ...plainPayments, columns: [...plainPayments.columns, status, updated] };
const fulfillments = partTable<Fulfillment>('fulfillments', 'order_id', fulfillmentColumns);
const returns = partTable<Return>('returns', 'order_id', returnColumns);
const refunds = partTable<Refund>('refunds', 'order_id', refundColumns);
const fulfillmentLines = partTable<LineQuantity>('fulfillment_lines', 'fulfillment_id', lineQuantityColumns);
const returnLines = partTable<LineQuantity>('return_lines', 'return_id', lineQuantityColumns);
const refundParts = partTable<Refund['parts'][number]>('refund_parts', 'refund_id', refundPartColumns);

/** Changes only these columns of the part with this id. */
const updateOf = <T>({ table, columns }: Table<Part<T>>, changing: readonly string[]): Update<Part<T>> => ({
  table,
  key: ['id'],
  columns: columns.filter(([column]) => column === 'id' || changing.includes(column)),
  set: assigned(changing),
});

// I-22: price and shares of a line change by an edit alone; its place also when a draft is placed.
const itemUpdate = updateOf(items, [
  'location_id',
  'unit_price_minor',
  'price_source',
  'quantity',
  'cancelled_quantity',
  'shipped_quantity',
  'delivered_quantity',
  'returned_quantity',
  'refunded_quantity',
  'discount_minor',
  'tax_minor',
  'total_minor',
  'item_quantity',
  'item_total_minor',
]);
const chargeUpdate = updateOf(charges, ['label', 'amount_minor']);
const paymentUpdate = updateOf(payments, [
  'reference',
  'authorized_minor',
  'captured_minor',
  'refunded_minor',
  'voided_minor',
  'expired',
  'failure',
  'attempt',
  'processed_at',
  'refunded_at',
  'deleted_at',
  'status',
  'updated_at',
]);
const fulfillmentUpdate = updateOf(fulfillments, ['tracking_number', 'status']);
const refundUpdate = updateOf(refunds, ['failed']);

type Lists = Pick<Order, 'lines' | 'charges' | 'payments' | 'fulfillments' | 'returns' | 'refunds'>;
const none: Lists = { lines: [], charges: [], payments: [], fulfillments: [], returns: [], refunds: [] };

/** Adds to a statement what became of the parts of orders: new ones are inserted, changed ones updated. */
export function addParts(statement: Statement, changes: readonly OrderChange[]): void {
  const compare = <T extends { readonly id: string }>(of: (lists: Lists) => readonly T[]) =>
    compared(changes, of);
  const line = compare(({ lines }) => withItems(lines));
  statement.insert(items, line.added);
  statement.update(itemUpdate, line.changed);
  const charge = compare((order) => order.charges);
  statement.insert(charges, charge.added);
  statement.update(chargeUpdate, charge.changed);
  const payment = compare((order) => order.payments);
  statement.insert(payments, payment.added);
  statement.update(paymentUpdate, payment.changed);
  const parcel = compare((order) => order.fulfillments);
  statement.insert(fulfillments, parcel.added);
  statement.insert(fulfillmentLines, linesOf(parcel.added));
  statement.update(fulfillmentUpdate, parcel.changed);
  const goods = compare((order) => order.returns);
  statement.insert(returns, goods.added);
  statement.insert(returnLines, linesOf(goods.added));
  const refund = compare((order) => order.refunds);
  statement.insert(refunds, refund.added);
  statement.update(refundUpdate, refund.changed);
  statement.insert(refundParts, changes.flatMap(newRefundParts));
}

/** A line with what its item comes to, where it is the first line of it: items are listed by that. */
type ItemLine = Line & { readonly itemQuantity: number | null; readonly itemTotal: number | null };

function withItems(lines: readonly Line[]): ItemLine[] {
  const items = new Map(itemsOf(lines).map((item) => [item[0]?.id, item]));
  return lines.map((line) => {
    const item = items.get(line.id);
    const added = (of: 'quantity' | 'total') => item?.reduce((sum, one) => sum + one[of], 0) ?? null;
    return { ...line, itemQuantity: added('quantity'), itemTotal: added('total') };
  });
}

const linesOf = (parts: readonly Part<Fulfillment | Return>[]): Part<LineQuantity>[] =>
  parts.flatMap(({ part, at }) =>
    part.lines.map((line, position) => ({ whole: part.id, position, part: line, at })),
  );

/** A refund may grow by parts that are written later, payment by payment. */
function newRefundParts({ before, after }: OrderChange): Part<Refund['parts'][number]>[] {
  const known = new Map((before?.refunds ?? []).map(({ id, parts }) => [id, parts.length]));
  return after.refunds.flatMap(({ id, parts }) =>
    parts
      .map((part, position) => ({ whole: id, position, part, at: after.updatedAt }))
      .slice(known.get(id) ?? 0),
  );
}

function compared<T extends { readonly id: string }>(
  changes: readonly OrderChange[],
  of: (lists: Lists) => readonly T[],
): { added: Part<T>[]; changed: Part<T>[] } {
  const added: Part<T>[] = [];
  const changed: Part<T>[] = [];
  for (const { before, after } of changes) {
    const known = new Map(of(before ?? none).map((part) => [part.id, part]));
    for (const [position, part] of of(after).entries()) {
      const row = { whole: after.id, position, part, at: after.updatedAt };
      const old = known.get(part.id);
      if (!old) added.push(row);
      else if (differs(old, part)) changed.push(row);
      known.delete(part.id);
    }
    if (known.size > 0) throw new RangeError(`order ${after.id} has lost parts that it had`);
  }
  return { added, changed };
}

const differs = (a: object, b: object): boolean =>
  Object.keys({ ...a, ...b }).some((field) => Reflect.get(a, field) !== Reflect.get(b, field));
