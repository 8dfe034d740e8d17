import { paymentMethods, statusOf } from '@orderloom/core';
import { Id, Quantity } from '@orderloom/core/inputs';
import { z } from 'zod';
import { DecimalText, minorOf } from '../wire.ts';
import { CreateItem, StatusWord, Text } from './order-inputs.ts';

const NewItem = CreateItem.extend({
  id: Id.optional().meta({ description: 'The line that is meant, where a product has several prices.' }),
}).meta({ id: 'NewOrderItem', description: 'A line as it shall be.' });

const status = StatusWord.optional().meta({ description: 'One step from where the order is; staff only.' });
const trackingNumber = Text(100).min(1).nullish();
const paymentReference = Text(100).min(1).nullish();
const details = {
  payment_method: z.enum(paymentMethods).nullish(),
  shipping_address: Id.nullish(),
  billing_address: Id.nullish().meta({ description: 'Left out of a PUT, the shipping address.' }),
  shipping_method: Text(50).min(1).nullish(),
  notes: Text(2_000).nullish(),
};
const written = { status, tracking_number: trackingNumber, payment_reference: paymentReference };

/** An order as it shall be; what it is created from and is left out falls back to its default. */
export const ReplaceOrder = z
  .strictObject({ ...details, ...written, items: z.array(NewItem).min(1).max(200) })
  .meta({ id: 'ReplaceOrder', description: 'An order as it shall be; `items` are all of its lines.' });
type ReplaceOrder = z.output<typeof ReplaceOrder>;

/** What changes of an order. */
export const PatchOrder = ReplaceOrder.partial().meta({
  id: 'PatchOrder',
  description: 'What changes of an order; `items` are all of its lines.',
});
export type PatchOrder = z.output<typeof PatchOrder>;

/** The same in the words of `orders.update`: what is left out stays. */
export const patchRequest = (body: PatchOrder, currency: string) => ({
  status: body.status === undefined ? undefined : statusOf(body.status),
  items: body.items?.map(({ id, product, variant, quantity, unit_price: price }, at) => ({
    line: id,
    product,
    variant: variant ?? undefined,
    quantity,
    unitPrice: price ? minorOf(price, currency, `items.${at}.unit_price`) : undefined,
  })),
  paymentMethod: body.payment_method,
  paymentReference: body.payment_reference,
  shippingMethod: body.shipping_method,
  trackingNumber: body.tracking_number,
  shippingAddress: body.shipping_address,
  billingAddress: body.billing_address,
  notes: body.notes,
});

/** The same of a whole order: what it is created from is as in a new one where it is left out. */
export const replaceRequest = (body: ReplaceOrder, currency: string) => ({
  ...patchRequest(body, currency),
  paymentMethod: body.payment_method ?? null,
  shippingMethod: body.shipping_method ?? null,
  shippingAddress: body.shipping_address ?? null,
  billingAddress: body.billing_address ?? body.shipping_address ?? null,
  notes: body.notes ?? null,
});

/** What is given back of an order. */
export const Refund = z
  .strictObject({
    items: z
      .array(z.strictObject({ id: Id, quantity: Quantity }))
      .max(200)
      .nullish()
      .meta({ description: 'Pieces of items, at what they cost.' }),
    shipping: DecimalText.nullish().meta({ description: 'So much of the shipping.' }),
    amount: DecimalText.nullish().meta({ description: 'A free amount on top.' }),
    to: z
      .enum(['original', 'balance', 'cash', 'bank_transfer'])
      .nullish()
      .meta({ description: 'Left out, the way that the money came.' }),
    reason: Text(500).min(1).nullish(),
  })
  .meta({ id: 'RefundOrder', description: 'What is given back; the status of the order stays.' });
type Refund = z.output<typeof Refund>;

/** The same in the words of `orders.refund`. */
export const refundRequest = (body: Refund, currency: string) => ({
  items: body.items ?? undefined,
  shipping: body.shipping ? minorOf(body.shipping, currency, 'shipping') : undefined,
  amount: body.amount ? minorOf(body.amount, currency, 'amount') : undefined,
  to: body.to ?? undefined,
  reason: body.reason ?? undefined,
});
