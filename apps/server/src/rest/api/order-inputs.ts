import { facetsOf, paymentMethods, paymentWords, statusOf, statusWords } from '@orderloom/core';
import { Id, Quantity } from '@orderloom/core/inputs';
import { z } from 'zod';
import { minorOf, Name, PathName, WholeNumber } from '../wire.ts';

const noNul = (text: string) => !text.includes('\0');
export const Text = (max: number) =>
  z.string().trim().max(max).refine(noNul, 'must not contain a NUL character');

export const CreateItem = z
  .strictObject({
    product: Name.meta({ description: 'UUID, number or SKU.' }),
    variant: Name.nullish().meta({ description: 'UUID or SKU; left out, the product’s first one.' }),
    quantity: Quantity,
    unit_price: z
      .string()
      .regex(/^\d{1,15}(?:\.\d{1,4})?$/, 'must be a decimal text such as "29.99"')
      .nullish()
      .meta({ description: 'An assertion: must equal the price of the catalogue.' }),
  })
  .meta({ id: 'CreateOrderItem', description: 'A product and how many of it.' });

/** S2-80: what an order is created from. */
export const CreateOrder = z
  .strictObject({
    store: Name.nullish().meta({ description: 'UUID, number or slug; every line must be of this store.' }),
    customer_id: Name.nullish().meta({ description: 'Code, number or UUID; left out, the caller’s own.' }),
    payment_method: z.enum(paymentMethods).nullish(),
    shipping_address: Id.nullish(),
    billing_address: Id.nullish().meta({ description: 'Left out, the shipping address.' }),
    shipping_method: Text(50).min(1).nullish().meta({ description: 'A code of the shop’s list.' }),
    notes: Text(2_000).nullish(),
    items: z.array(CreateItem).min(1).max(200),
  })
  .meta({ id: 'CreateOrder', description: 'An order to be placed.' });
export type CreateOrder = z.output<typeof CreateOrder>;

/** The same in the words of `orders.place`. */
export const placeRequest = (body: CreateOrder, currency: string) => ({
  customer: body.customer_id ?? undefined,
  store: body.store ?? undefined,
  items: body.items.map((item, at) => ({
    product: item.product,
    variant: item.variant ?? undefined,
    quantity: item.quantity,
    unitPrice: item.unit_price ? minorOf(item.unit_price, currency, `items.${at}.unit_price`) : undefined,
  })),
  paymentMethod: body.payment_method ?? undefined,
  shippingMethod: body.shipping_method ?? undefined,
  shippingAddress: body.shipping_address ?? undefined,
  billingAddress: body.billing_address ?? undefined,
  notes: body.notes ?? undefined,
});

export const Tracking = z
  .strictObject({ tracking_number: Text(100).min(1).nullish() })
  .meta({ id: 'ShipOrder', description: 'How the parcel can be followed.' });
export const Explained = z
  .strictObject({ reason: Text(500).min(1).nullish() })
  .meta({ id: 'ExplainedCommand', description: 'Why it is done; kept in the order’s history.' });

export const StatusWord = z
  .string()
  .transform((text) => statusOf(text)?.toLowerCase())
  .pipe(z.enum(statusWords, 'must be a status of orders'));

/** What the list of orders can be asked for in this version. */
export const ListQuery = z.strictObject({
  cursor: z.string().max(1_000).optional().meta({ description: 'Where the page begins: from `next`.' }),
  page_size: WholeNumber(1).optional().meta({ description: 'Rows of a page: 20, at most 100.' }),
  status: z.array(StatusWord).max(20).optional().meta({ description: 'Only these statuses; repeatable.' }),
  payment_status: z
    .array(z.enum(paymentWords))
    .max(20)
    .optional()
    .meta({ description: 'Only these payment statuses; repeatable.' }),
  customer_id: PathName.optional().meta({ description: 'Only orders of this customer.' }),
  search: Text(200).optional().meta({ description: 'Part of a number, name, e-mail or SKU.' }),
});
export type ListQuery = z.output<typeof ListQuery>;

/** The same in the words of `orders.page`. More than 100 rows gives 100 (S2-69). */
export const pageRequest = (query: ListQuery) => ({
  cursor: query.cursor,
  limit: Math.min(query.page_size ?? 20, 100),
  status: listOf(query.status, (word) => [statusOf(word)]),
  paymentStatus: listOf(query.payment_status, facetsOf),
  customer: query.customer_id,
  search: query.search,
});

function listOf<W, T>(
  words: readonly W[] | undefined,
  meaning: (word: W) => readonly (T | undefined)[],
): T[] | undefined {
  if (!words) return undefined;
  const meant = new Set(words.flatMap(meaning));
  return [...meant].filter((value) => value !== undefined);
}

/** The same list from the next page's first row on: every filter stays. */
export function nextUrl(publicUrl: string, query: ListQuery, cursor: string): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor }))
    for (const one of [value].flat()) if (one !== undefined) search.append(name, String(one));
  return `${publicUrl}/api/v1/orders/?${search.toString()}`;
}
