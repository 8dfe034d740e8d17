import { defineEntity, p } from '@mikro-orm/core';
import { cartStatuses } from '@orderloom/core';
import { ofTenant } from './row.ts';

/** What a customer means to order; at most one is active. Versions go on from cart to cart of a customer. */
const CartSchema = defineEntity({
  name: 'CartRow',
  tableName: 'carts',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    id: p.uuid().primary(),
    customerId: p.uuid(),
    status: p.enum(cartStatuses),
    version: p.integer(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export class CartRow extends CartSchema.class {}
CartSchema.setClass(CartRow);

const CartItemSchema = defineEntity({
  name: 'CartItemRow',
  tableName: 'cart_items',
  filters: ofTenant,
  properties: {
    tenantId: p.text().primary(),
    cartId: p.uuid().primary(),
    variantId: p.uuid().primary(),
    productId: p.uuid(),
    quantity: p.integer(),
    position: p.integer(),
  },
});
export class CartItemRow extends CartItemSchema.class {}
CartItemSchema.setClass(CartItemRow);
