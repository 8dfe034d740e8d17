import { formatMoney } from '@orderloom/core';
import { addressesOf, customerByName, productByName, read } from '@orderloom/db';
import type { Parts } from '../context.ts';
import { createExample } from './api/examples.ts';

/** The printed body of S2-80 with this shop's ids: "Try it out" places an order. */
export async function shopExample({ db, config }: Parts): Promise<unknown> {
  const tenantId = config.defaultTenantId;
  if (tenantId === null) return createExample;
  return read(db, { tenantId }, async (em) => {
    const customer = await customerByName(em, tenantId, 'CUST123');
    const product = await productByName(em, tenantId, 'MUG');
    const variant = product?.variants[0];
    if (!customer || !product || !variant) return createExample;
    const [address] = await addressesOf(em, tenantId, customer.id);
    const unitPrice = formatMoney(variant.price, product.currency);
    return {
      store: product.store.id,
      customer_id: customer.code,
      payment_method: 'credit_card',
      ...(address ? { shipping_address: address.id } : {}),
      shipping_method: 'standard',
      notes: 'Please deliver after 6 PM',
      items: [{ product: product.id, variant: variant.id, quantity: 2, unit_price: unitPrice }],
    };
  });
}
