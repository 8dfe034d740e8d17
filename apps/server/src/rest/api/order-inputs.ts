import { paymentMethods, statusOf, statusWords } from '@orderloom/core';
import { Id, Quantity } from '@orderloom/core/inputs';
import { z } from 'zod';
import { minorOf, Name } from '../wire.ts';

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
