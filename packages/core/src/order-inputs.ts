import { z } from 'zod';
import { statuses } from './order/order.ts';
import { scoreRange } from './order/rate.ts';
import { paymentMethods } from './payment/payment.ts';
import { Amount, ExpectedVersion, explained, Id, Quantity, Ref, Text } from './word-inputs.ts';

/** A line as it shall be: `line` is the one that is meant where several are of one variant. */
const NewLine = z.strictObject({
  line: Id.optional(),
  product: Ref,
  variant: Ref.optional(),
  quantity: Quantity,
  /** An assertion: must equal the agreed price unless the caller may override it. */
  unitPrice: Amount.optional(),
});

/** What changes of an order; what is left out stays, and `items` are all lines that it shall have. */
export const UpdateOrder = z.strictObject({
  id: Ref,
  expectedVersion: ExpectedVersion,
  /** At most one step of the state machine away. */
  status: z.enum(statuses).optional(),
  items: z.array(NewLine).min(1).max(200).optional(),
  paymentMethod: z.enum(paymentMethods).nullish(),
  paymentReference: Text(100).min(1).nullish(),
  shippingMethod: Text(50).min(1).nullish(),
  trackingNumber: Text(100).min(1).nullish(),
  shippingAddress: Id.nullish(),
  billingAddress: Id.nullish(),
  notes: Text(2_000).nullish(),
});
export type UpdateOrder = z.output<typeof UpdateOrder>;

/** Give back pieces of lines, some of the shipping, and a free amount on top, in minor units. */
export const RefundOrder = z.strictObject({
  id: Ref,
  expectedVersion: ExpectedVersion,
  items: z
    .array(z.strictObject({ id: Id, quantity: Quantity }))
    .max(200)
    .default([]),
  shipping: Amount.default(0),
  amount: Amount.default(0),
  /** `original` is the way that the money came. */
  to: z.enum(['original', 'balance', 'cash', 'bank_transfer']).default('original'),
  ...explained,
});
export type RefundOrder = z.output<typeof RefundOrder>;

/** Hide an order from every read. */
export const RemoveOrder = z.strictObject({ id: Ref, expectedVersion: ExpectedVersion });
export type RemoveOrder = z.output<typeof RemoveOrder>;

/** Add pieces of a product to an order. */
export const AddItem = z.strictObject({
  order: Ref,
  expectedVersion: ExpectedVersion,
  product: Ref,
  variant: Ref.optional(),
  quantity: Quantity,
  /** An assertion: must equal the agreed or catalogue price unless the caller may set it. */
  unitPrice: Amount.optional(),
});
export type AddItem = z.output<typeof AddItem>;

/** One item of an order; `expectedVersion` is the order's. */
export const ItemNamed = z.strictObject({ id: Ref, expectedVersion: ExpectedVersion });
export type ItemNamed = z.output<typeof ItemNamed>;

/** Change how many pieces an item is, or what one of them costs; what is left out stays. */
export const ChangeItem = ItemNamed.extend({
  quantity: Quantity.optional(),
  unitPrice: Amount.optional(),
});
export type ChangeItem = z.output<typeof ChangeItem>;

/** Say what the caller, its customer, thought of an order; said again, the last word counts. */
export const RateOrder = z.strictObject({
  id: Ref,
  expectedVersion: ExpectedVersion,
  score: z.int().min(scoreRange.min).max(scoreRange.max),
  comment: Text(2_000).min(1).nullable().default(null),
});
export type RateOrder = z.output<typeof RateOrder>;

/** Take many orders one step further, each for itself; what names no order is told as one that failed. */
export const BulkUpdate = z.strictObject({
  ids: z.array(z.string().max(1_000)).min(1).max(10_000),
  status: z.enum(statuses),
});
export type BulkUpdate = z.output<typeof BulkUpdate>;

/** Count orders or payments; of these stores only, when any are named. */
export const Statistics = z.strictObject({ stores: z.array(Text(200)).max(100).default([]) });
export type Statistics = z.output<typeof Statistics>;
