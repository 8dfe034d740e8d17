import { z } from 'zod';
import { roles, scopes } from './access.ts';
import { fulfillmentFacets, paymentFacets, statuses } from './order/order.ts';
import { paymentMethods } from './payment/payment.ts';

const Text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    // PostgreSQL stores no NUL in a text, and half of a surrogate pair is no character at all.
    .refine((text) => !text.includes('\0'), 'must not contain a NUL character')
    .refine((text) => text.isWellFormed(), 'must not contain half a character');

/** A word of the shop's own: neither digits alone nor a UUID, which would name something else. */
const Word = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^(?!\d+$)[\w.-]+$/, 'letters, digits, dots and hyphens; not digits alone')
    .refine((word) => !z.guid().safeParse(word).success, 'must not look like a UUID');

/** A UUID in any case; stored and answered in lower case. */
export const Id = z.uuid().transform((id) => id.toLowerCase());

/** What a client calls a thing: its UUID, its integer `ref`, or its own word (sku, code, slug, number). */
export const Ref = z.union([Text(120).min(1), z.int().min(1)]).transform(String);

/** Whole pieces: 1 … 1,000,000. */
export const Quantity = z.int().min(1).max(1_000_000);

/** Pieces that can be sold: none, or as many as can be counted. */
const Stock = z.int().min(0).max(2_147_483_647);

/** An amount in minor units: a safe integer that is not negative. */
export const Amount = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** An amount in minor units of at least one. */
export const PositiveAmount = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

const Reason = Text(500).min(1);

/** The version that the caller believes is current; left out, the newest is meant. */
const ExpectedVersion = z.int().min(1).optional();

/** One page of a list: `limit` rows after `cursor`. */
const Page = {
  limit: z.int().min(1).max(100).default(20),
  cursor: z.string().max(1_000).optional(),
};

/** Place an order: one or more lines for a customer, priced by the catalogue. */
export const PlaceOrder = z.strictObject({
  customer: Ref.optional(),
  store: Ref.optional(),
  items: z
    .array(
      z.strictObject({
        product: Ref,
        variant: Ref.optional(),
        quantity: Quantity,
        /** An assertion: must equal the catalogue's price unless the caller may override it. */
        unitPrice: Amount.optional(),
      }),
    )
    .min(1)
    .max(200),
  paymentMethod: z.enum(paymentMethods).optional(),
  shippingMethod: Text(50).min(1).optional(),
  shippingAddress: Id.optional(),
  billingAddress: Id.optional(),
  notes: Text(2_000).optional(),
  /** `balance`: pays the whole total from the customer's balance and confirms in the same step. */
  settle: z.enum(['later', 'balance']).default('later'),
});
export type PlaceOrder = z.output<typeof PlaceOrder>;

const tracked = { trackingNumber: Text(100).min(1).optional() };
const explained = { reason: Reason.default('not given') };

/** What can be asked of an order; the words are those of the state machine. */
export const OrderAction = z.discriminatedUnion('type', [
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

/** Take the money of a payment that is pending or has failed. */
export const ProcessPayment = z.strictObject({ id: Id, expectedVersion: ExpectedVersion });
export type ProcessPayment = z.output<typeof ProcessPayment>;

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
  quantity: z
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .refine((pieces) => pieces !== 0, 'must not be 0'),
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

/** A new product with its default variant; `price` in minor units of the tenant's currency. */
export const CreateProduct = z.strictObject({
  name: Text(200).min(1),
  sku: Word(60).optional(),
  price: Amount,
  store: Ref.optional(),
  taxClass: Text(50).min(1).default('standard'),
  quantity: Stock.default(0),
});
export type CreateProduct = z.output<typeof CreateProduct>;

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

/** Who signs in, and with what. */
export const SignIn = z.strictObject({
  email: Text(254).toLowerCase(),
  password: z.string().min(1).max(128),
});
export type SignIn = z.output<typeof SignIn>;

/** A password that may be chosen: 12 to 128 characters of any kind. */
export const NewPassword = z.string().min(12).max(128);

/** A new member of the staff, or a customer's own sign-in. */
export const CreateUser = z.strictObject({
  email: z.email().toLowerCase().max(254),
  name: Text(200).min(1),
  role: z.enum(roles),
  password: NewPassword,
  customer: Ref.optional(),
});
export type CreateUser = z.output<typeof CreateUser>;

/** A new API token: at most what its owner's role may do, for a year at the most. */
export const CreateToken = z.strictObject({
  name: Text(100).min(1),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  expiresInDays: z.int().min(1).max(365).default(90),
});
export type CreateToken = z.output<typeof CreateToken>;
