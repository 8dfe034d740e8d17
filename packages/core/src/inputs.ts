import { z } from 'zod';
import { fulfillmentFacets, paymentFacets, statuses } from './order/order.ts';
import { paymentMethods } from './payment/payment.ts';
import {
  Amount,
  Count,
  ExpectedVersion,
  explained,
  Id,
  Miscount,
  Page,
  PositiveAmount,
  Quantity,
  Reason,
  Ref,
  Stock,
  Text,
  Word,
} from './word-inputs.ts';

export {
  AdjustProduct,
  CreateAddress,
  CreateProduct,
  CreateStore,
  EditAddress,
  EditCustomer,
  EditProduct,
  EditStore,
  NewVariant,
  ReceiveProduct,
} from './shop-inputs.ts';
export {
  AddItem,
  BulkUpdate,
  ChangeItem,
  ItemNamed,
  RateOrder,
  RefundOrder,
  RemoveOrder,
  Statistics,
  UpdateOrder,
} from './order-inputs.ts';
export { CreateToken, CreateUser, NewPassword, SignIn } from './people-inputs.ts';
export { Amount, Count, Id, PositiveAmount, Quantity, quantityMax, Ref } from './word-inputs.ts';

/** So many pieces of a product, or of one of its variants. */
const Item = { product: Ref, variant: Ref.optional() };
const linesMax = 200;

/** Place an order: one or more lines for a customer, priced by the catalogue. */
export const PlaceOrder = z.strictObject({
  customer: Ref.optional(),
  store: Ref.optional(),
  items: z
    .array(
      z.strictObject({
        ...Item,
        quantity: Quantity,
        /** An assertion: must equal the catalogue's price unless the caller may override it. */
        unitPrice: Amount.optional(),
      }),
    )
    .min(1)
    .max(linesMax),
  /** `partial` places the lines that are there and leaves the others out, each as a whole. */
  onShortage: z.enum(['reject', 'partial']).default('reject'),
  paymentMethod: z.enum(paymentMethods).optional(),
  shippingMethod: Text(50).min(1).optional(),
  shippingAddress: Id.optional(),
  billingAddress: Id.optional(),
  notes: Text(2_000).optional(),
  /** `balance`: pays the whole total from the customer's balance and confirms in the same step. */
  settle: z.enum(['later', 'balance']).default('later'),
});
export type PlaceOrder = z.output<typeof PlaceOrder>;

/** Place an order of what lies in a customer's cart; without `customer` the caller's own. */
export const PlaceCart = z.strictObject({ customer: Ref.optional() });
export type PlaceCart = z.output<typeof PlaceCart>;

/** Begin an order without lines, for a customer or for nobody yet. */
export const CreateDraft = z.strictObject({ customer: Ref.optional() });
export type CreateDraft = z.output<typeof CreateDraft>;

/** How many pieces of each named product an order shall have: 0 takes it out. */
export const EditOrder = z.strictObject({
  id: Ref,
  expectedVersion: ExpectedVersion,
  items: z
    .array(z.strictObject({ ...Item, quantity: Count }))
    .min(1)
    .max(linesMax),
});
export type EditOrder = z.output<typeof EditOrder>;

/** Bring an order to a status, along the shortest way there. */
export const MoveOrder = z.strictObject({
  id: Ref,
  expectedVersion: ExpectedVersion,
  status: z.enum(statuses),
  ...explained,
});
export type MoveOrder = z.output<typeof MoveOrder>;

/** Call an order off, once or several times. */
export const WithdrawOrder = z.strictObject({ id: Ref, expectedVersion: ExpectedVersion, ...explained });
export type WithdrawOrder = z.output<typeof WithdrawOrder>;

/** Every order there is, newest first; `customer` narrows to one. */
export const AllOrders = z.strictObject({ customer: Ref.optional() });
export type AllOrders = z.output<typeof AllOrders>;

const tracked = { trackingNumber: Text(100).min(1).optional() };

/** What can be asked of an order; the words are those of the state machine. */
export const OrderAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('confirmDraft'), declaredTotal: Amount }),
  z.strictObject({ type: z.literal('confirmOrder') }),
  z.strictObject({ type: z.literal('startProcessing') }),
  z.strictObject({ type: z.literal('shipOrder'), ...tracked }),
  z.strictObject({ type: z.literal('markOutForDelivery') }),
  z.strictObject({ type: z.literal('deliverOrder') }),
  z.strictObject({ type: z.literal('cancelOrder'), ...explained }),
  z.strictObject({ type: z.literal('refundOrder'), ...explained }),
  z.strictObject({ type: z.literal('closeOrder') }),
  z.strictObject({ type: z.literal('discardDraft'), ...explained }),
]);
export type OrderAction = z.output<typeof OrderAction>;

/** Confirm, ship, deliver, cancel …: the command is data, so one procedure serves them all. */
export const ChangeOrder = z.strictObject({
  id: Ref,
  expectedVersion: ExpectedVersion,
  command: OrderAction,
});
export type ChangeOrder = z.output<typeof ChangeOrder>;

/** A page of orders, newest first; the three statuses may each be given several times. */
export const ListOrders = z.strictObject({
  ...Page,
  status: z.array(z.enum(statuses)).max(10).optional(),
  paymentStatus: z.array(z.enum(paymentFacets)).max(10).optional(),
  fulfillmentStatus: z.array(z.enum(fulfillmentFacets)).max(10).optional(),
  customer: Ref.optional(),
  search: Text(200).optional(),
});
export type ListOrders = z.output<typeof ListOrders>;

/** One order, product, customer …, by any of its names. */
export const Named = z.strictObject({ id: Ref });

/** The history of one thing, newest first. */
export const HistoryOf = z.strictObject({ ...Page, id: Ref });
export type HistoryOf = z.output<typeof HistoryOf>;

/** A page of a searchable list. */
export const Search = z.strictObject({ ...Page, search: Text(200).optional() });
export type Search = z.output<typeof Search>;

/** A new payment of an order: all that is open unless `amount` (minor units) says less. */
export const CreatePayment = z.strictObject({
  order: Ref,
  expectedVersion: ExpectedVersion,
  method: z.enum(paymentMethods),
  amount: PositiveAmount.optional(),
  reference: Text(100).min(1).optional(),
  /** Takes the money at once: from the balance, or as received in cash or by transfer. */
  process: z.boolean().default(false),
});
export type CreatePayment = z.output<typeof CreatePayment>;

/** The same of an order, or of all orders of a group: it may say the method, and a card is named as the
 * gateway calls it. */
export const OpenPayment = CreatePayment.omit({ process: true, order: true }).extend({
  order: Ref.optional(),
  group: Id.optional(),
  method: z.enum(paymentMethods).optional(),
  cardToken: Text(200).min(1).optional(),
});
export type OpenPayment = z.output<typeof OpenPayment>;

/** Take the money of a payment that is pending or has failed. */
export const ProcessPayment = z.strictObject({ id: Id, expectedVersion: ExpectedVersion });
export type ProcessPayment = z.output<typeof ProcessPayment>;

/** One payment, as it is in a version of its order. */
export const PaymentNamed = ProcessPayment.extend({ id: Ref });
export type PaymentNamed = z.output<typeof PaymentNamed>;

/** Take some of what was set aside for a payment, or all of it. */
export const CapturePayment = PaymentNamed.extend({ amount: PositiveAmount.optional() });
export type CapturePayment = z.output<typeof CapturePayment>;

/** Say what a payment is called elsewhere; `null` says nothing any more. */
export const DescribePayment = PaymentNamed.extend({ reference: Text(100).min(1).nullable().optional() });
export type DescribePayment = z.output<typeof DescribePayment>;

/** Give money of a payment back: all that is left unless `amount` (minor units) says less. */
export const RefundPayment = z.strictObject({
  id: Id,
  expectedVersion: ExpectedVersion,
  amount: PositiveAmount.optional(),
  ...explained,
});
export type RefundPayment = z.output<typeof RefundPayment>;

/** Goods arrive: on hand goes up. Without `location` the first one is meant. */
export const ReceiveStock = z.strictObject({
  variant: Id,
  location: Id.optional(),
  quantity: Quantity,
  reason: Reason.default('received'),
});
export type ReceiveStock = z.output<typeof ReceiveStock>;

/** The count was wrong: on hand changes by a signed quantity, with the reason. */
export const AdjustStock = z.strictObject({
  variant: Id,
  location: Id.optional(),
  quantity: Miscount,
  reason: Reason,
});
export type AdjustStock = z.output<typeof AdjustStock>;

/** A new customer; `code` is `CUST` and the customer's number unless it is given. */
export const CreateCustomer = z.strictObject({
  name: Text(200).min(1),
  email: z.email().max(254),
  code: Word(50).optional(),
});
export type CreateCustomer = z.output<typeof CreateCustomer>;

/** Put money on a customer's balance (or, negative, correct it), in minor units, with the reason. */
export const TopUpBalance = z.strictObject({
  id: Ref,
  amount: z
    .int()
    .min(-Number.MAX_SAFE_INTEGER)
    .max(Number.MAX_SAFE_INTEGER)
    .refine((amount) => amount !== 0, 'must not be 0'),
  reason: Reason,
});
export type TopUpBalance = z.output<typeof TopUpBalance>;

/** What changes of a product; `quantity` is what can be sold from then on of the default variant. */
export const UpdateProduct = z.strictObject({
  id: Ref,
  expectedVersion: ExpectedVersion,
  name: Text(200).min(1).optional(),
  price: Amount.optional(),
  quantity: Stock.optional(),
});
export type UpdateProduct = z.output<typeof UpdateProduct>;

/** Take a product off sale. */
export const RemoveProduct = z.strictObject({ id: Ref, expectedVersion: ExpectedVersion });
export type RemoveProduct = z.output<typeof RemoveProduct>;

/** The newest cart of a customer. */
export const CartOf = z.strictObject({ customer: Ref });

/** Add to what a customer's cart holds of a product. */
export const AddToCart = z.strictObject({ customer: Ref, product: Ref, quantity: Quantity });
export type AddToCart = z.output<typeof AddToCart>;

/** How much of a product a customer's cart shall hold. */
export const PutInCart = AddToCart.extend({ expectedVersion: ExpectedVersion });
export type PutInCart = z.output<typeof PutInCart>;

/** Take a product out of a customer's cart. */
export const RemoveFromCart = PutInCart.omit({ quantity: true });
export type RemoveFromCart = z.output<typeof RemoveFromCart>;

/** Mark a customer's cart as ordered. */
export const CloseCart = z.strictObject({
  customer: Ref,
  expectedVersion: ExpectedVersion,
  status: z.literal('Ordered'),
});
export type CloseCart = z.output<typeof CloseCart>;
