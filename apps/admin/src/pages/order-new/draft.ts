import { paymentMethods, sum, times } from '@orderloom/core';
import { given } from '../../form.ts';
import type { Inputs, Outputs } from '../../trpc.ts';
import { moneyText } from '../../ui/money.tsx';
import { methodText } from '../../words.ts';

export type Customer = Outputs['customers']['get'];
type Product = Outputs['products']['get'];
type Variant = Product['variants'][number];

/** A variant that is wanted, with what was known of it when it was picked. */
export type DraftLine = {
  readonly product: string;
  readonly variant: string;
  readonly name: string;
  readonly sku: string;
  readonly price: number;
  readonly available: number;
  readonly quantity: number;
};

/** An order that is being put together. */
export type Draft = {
  /** `undefined` until somebody was picked or taken away here. */
  readonly customer: Customer | null | undefined;
  readonly lines: readonly DraftLine[];
  readonly shippingMethod: string | null;
  readonly shippingAddress: string | null;
  /** A payment method, `open`, or `now` for the balance at once. */
  readonly payment: string;
  readonly notes: string;
};

export const blank: Draft = {
  customer: undefined,
  lines: [],
  shippingMethod: null,
  shippingAddress: null,
  payment: 'open',
  notes: '',
};

/** The name of a variant among the others of its product. */
export const nameOf = (product: Product, variant: Variant): string =>
  product.variants.length > 1 ? `${product.name} – ${variant.name}` : product.name;

/** One more piece: of the line that is there already, or as a new line. */
export function withPiece(
  lines: readonly DraftLine[],
  product: Product,
  variant: Variant,
): readonly DraftLine[] {
  if (lines.some((line) => line.variant === variant.id))
    return lines.map((line) =>
      line.variant === variant.id ? { ...line, quantity: Math.max(0, line.quantity) + 1 } : line,
    );
  const { sku, price, available } = variant;
  const name = nameOf(product, variant);
  return [...lines, { product: product.id, variant: variant.id, name, sku, price, available, quantity: 1 }];
}

const counted = ({ quantity }: DraftLine) => Number.isSafeInteger(quantity) && quantity > 0;

/** What a line comes to; a quantity that is still being typed counts as none. */
export const lineTotal = (line: DraftLine): number => (counted(line) ? times(line.price, line.quantity) : 0);

/** What the lines come to, by the rule that the order is priced with. */
export const subtotalOf = (lines: readonly DraftLine[]): number => sum(lines.map(lineTotal));

/** How the order can be paid; the balance at once only where there is one. */
export const paymentChoices = (customer: Customer | null) => [
  { value: 'open', label: 'Decide later' },
  ...(customer
    ? [
        {
          value: 'now',
          label: `Balance now (${moneyText(customer.balance, customer.currency)}), and confirm`,
        },
      ]
    : []),
  ...paymentMethods.map((method) => ({ value: method, label: `${methodText(method)}, later` })),
];

/** What the fields are called in the summary of what is wrong. */
export const labelsOf = ({ lines }: Draft): Readonly<Record<string, string>> => ({
  items: 'Products',
  shippingMethod: 'Shipping method',
  notes: 'Notes',
  ...Object.fromEntries(lines.map(({ name }, at) => [`items.${at}.quantity`, `Quantity of ${name}`])),
});

/** The command that places the draft. */
export function inputOf(draft: Draft, customer: Customer | null): Inputs['orders']['place'] {
  return {
    customer: customer?.id,
    items: draft.lines.map(({ product, variant, quantity }) => ({ product, variant, quantity })),
    paymentMethod: paymentMethods.find((method) => method === draft.payment),
    shippingMethod: draft.shippingMethod ?? undefined,
    shippingAddress: draft.shippingAddress ?? undefined,
    notes: given(draft.notes),
    settle: draft.payment === 'now' && customer ? 'balance' : 'later',
  };
}
