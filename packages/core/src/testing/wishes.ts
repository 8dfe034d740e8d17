import fc from 'fast-check';
import { type GatewayReport, reportKinds } from '../payment/gateway.ts';
import { type PaymentMethod, paymentMethods } from '../payment/payment.ts';
import type { OrderCommandName } from '../order/lifecycle.ts';
import type { GiveRefund } from '../order/commands.ts';

/** What can be done to a payment that is there. */
export const paymentDeeds = [
  'process',
  'authorize',
  'capture',
  'void',
  'refund',
  'fail',
  'expire',
  'delete',
] as const;
/** What an order's state machine can be told. */
export type StatusDeed = Exclude<OrderCommandName, 'createDraft' | 'placeOrder' | 'confirmDraft'>;

/** So many pieces of one variant. */
export type Pieces = { readonly variant: string; readonly quantity: number };

/**
 * What somebody wishes of a whole shop. Orders and payments are named by their position, modulo how many
 * there are; an `amount` of `null` is all of it.
 */
export type ShopWish =
  | {
      readonly do: 'place';
      readonly customer: string;
      readonly lines: readonly Pieces[];
      readonly partial: boolean;
      readonly charged: boolean;
      readonly discount: number;
      readonly shipping: string | null;
    }
  | { readonly do: 'draft'; readonly customer: string }
  | { readonly do: 'receive'; readonly variant: string; readonly quantity: number }
  | { readonly do: 'topUp'; readonly customer: string; readonly amount: number }
  | OrderWish;

/** What somebody wishes of one order. */
export type OrderWish = { readonly order: number } & (
  | { readonly do: 'status'; readonly command: StatusDeed; readonly cancelShipped: boolean }
  | { readonly do: 'confirmDraft'; readonly off: number }
  | { readonly do: 'edit'; readonly lines: readonly Pieces[] }
  | { readonly do: 'describe'; readonly shipping: string | null; readonly notes: string | null }
  | { readonly do: 'rate'; readonly score: number; readonly by: string }
  | {
      readonly do: 'pay';
      readonly method: PaymentMethod;
      readonly amount: number | null;
      readonly process: boolean;
      readonly group: boolean;
    }
  | {
      readonly do: 'payment';
      readonly payment: number;
      readonly deed: (typeof paymentDeeds)[number];
      readonly amount: number | null;
      readonly final: boolean;
    }
  | {
      readonly do: 'report';
      readonly payment: number;
      readonly kind: GatewayReport['kind'];
      readonly amount: number;
    }
  | {
      readonly do: 'refund';
      readonly line: number | null;
      readonly shipping: number;
      readonly amount: number;
      readonly to: GiveRefund['to'];
    }
);

/** The shop in which wishes come true: its prices per piece, all taxed with a tenth. */
export const prices: Readonly<Record<string, number>> = { tea: 330, cup: 1_250, pot: 90 };
/** What shipping costs. */
export const shippingPrices: Readonly<Record<string, number>> = { standard: 500, express: 1_500 };
/** Who buys. */
export const buyers: readonly string[] = ['ann', 'bob'];

const variant = fc.constantFrom(...Object.keys(prices));
const customer = fc.constantFrom(...buyers);
const order = fc.constantFrom(0, 0, 0, 1, 1, 2, 3);
const payment = fc.nat(3);
const shipping = fc.constantFrom(null, ...Object.keys(shippingPrices));
const amount = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -1, max: 600 }),
  fc.integer({ min: 1, max: 9_000 }),
);
const told = fc.constantFrom(0, 1, 100, 363, 599, 726, 1_875, 9_000);
const count = (min: number) =>
  fc.uniqueArray(fc.record({ variant, quantity: fc.integer({ min, max: 6 }) }), {
    minLength: 1,
    maxLength: 3,
    selector: (pieces) => pieces.variant,
  });
const named = <T extends string>(name: T) => fc.constant(name);

const anyPlace = fc.record({
  do: named('place'),
  customer,
  lines: count(1),
  partial: fc.boolean(),
  charged: fc.boolean(),
  discount: fc.constantFrom(0, 0, 100, 5_000),
  shipping,
});
const anyDraft = fc.record({ do: named('draft'), customer });
const anyReceipt = fc.record({ do: named('receive'), variant, quantity: fc.integer({ min: 1, max: 20 }) });
const anyTopUp = fc.record({ do: named('topUp'), customer, amount: fc.integer({ min: 1, max: 9_000 }) });
const anyStatus = fc.record({
  do: named('status'),
  order,
  cancelShipped: fc.boolean(),
  command: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom<StatusDeed[]>('confirmOrder', 'shipOrder', 'deliverOrder'),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<StatusDeed[]>(
        'placeDraft',
        'startProcessing',
        'markOutForDelivery',
        'refundOrder',
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<StatusDeed[]>('cancelOrder', 'discardDraft', 'refundOrder', 'closeOrder'),
    },
  ),
});
const anyConfirm = fc.record({ do: named('confirmDraft'), order, off: fc.constantFrom(0, 0, 0, 700) });
const anyEdited = fc.record({ do: named('edit'), order, lines: count(0) });
const anyWriting = fc.record({
  do: named('describe'),
  order,
  shipping,
  notes: fc.constantFrom(null, 'ring twice'),
});
const anyRating = fc.record({
  do: named('rate'),
  order,
  score: fc.integer({ min: 1, max: 5 }),
  by: customer,
});
const method = fc.constantFrom(...paymentMethods);
const anyPay = fc.record({
  do: named('pay'),
  order,
  method,
  amount,
  process: fc.boolean(),
  group: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
});
const anyDeed = fc.record({
  do: named('payment'),
  order,
  payment,
  deed: fc.constantFrom('process', 'authorize', 'capture', ...paymentDeeds),
  amount,
  final: fc.boolean(),
});
const anyReport = fc.record({
  do: named('report'),
  order,
  payment,
  kind: fc.constantFrom(...reportKinds),
  amount: told,
});
const anyGivenBack = fc.record({
  do: named('refund'),
  order,
  line: fc.option(fc.nat(2), { freq: 2 }),
  shipping: fc.constantFrom(0, 0, 100, 500),
  amount: fc.constantFrom(0, 0, 1, 700),
  to: fc.constantFrom<GiveRefund['to'][]>('original', 'original', 'balance', 'cash', 'bank_transfer'),
});

/** Every kind of wish, the ways ahead and money more often than the others. */
export const anyShopWishes: readonly fc.Arbitrary<ShopWish>[] = [
  anyPlace,
  anyPlace,
  anyDraft,
  anyReceipt,
  anyTopUp,
  anyStatus,
  anyStatus,
  anyStatus,
  anyStatus,
  anyConfirm,
  anyEdited,
  anyEdited,
  anyWriting,
  anyRating,
  anyPay,
  anyPay,
  anyPay,
  anyDeed,
  anyDeed,
  anyDeed,
  anyReport,
  anyReport,
  anyGivenBack,
];
