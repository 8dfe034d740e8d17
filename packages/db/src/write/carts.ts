import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import type { Cart, CartItem } from '../queries/carts.ts';
import { run } from '../sql.ts';

/** What changes in a cart that the caller has locked; `item` is what it holds of one variant from now on. */
export type CartChange = {
  readonly cart: Omit<Cart, 'items' | 'customerRef'>;
  readonly item: Pick<CartItem, 'productId' | 'variantId' | 'quantity'>;
  readonly at: Instant;
};

/** Writes a cart, new or with its new version, and one item of it; an item of no pieces goes. */
export async function writeCart(
  em: EntityManager,
  tenantId: string,
  { cart, item, at }: CartChange,
): Promise<void> {
  await run(
    em,
    `insert into carts (tenant_id, id, customer_id, status, version, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6::timestamptz, $6::timestamptz)
     on conflict (tenant_id, id) do update
     set status = excluded.status, version = excluded.version, updated_at = excluded.updated_at`,
    [tenantId, cart.id, cart.customerId, cart.status, cart.version, at],
  );
  if (item.quantity === 0)
    await run(em, 'delete from cart_items where tenant_id = $1 and cart_id = $2 and variant_id = $3', [
      tenantId,
      cart.id,
      item.variantId,
    ]);
  else
    await run(
      em,
      `insert into cart_items (tenant_id, cart_id, variant_id, product_id, quantity, position)
       select $1::text, $2::uuid, $3::uuid, $4::uuid, $5::int, coalesce(max(position) + 1, 0)
       from cart_items where tenant_id = $1 and cart_id = $2
       on conflict (tenant_id, cart_id, variant_id) do update set quantity = excluded.quantity`,
      [tenantId, cart.id, item.variantId, item.productId, item.quantity],
    );
}
