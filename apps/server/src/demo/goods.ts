import { type EntityManager, NumberCounterRow, ProductRow, StockLevelRow, StockLocationRow, VariantRow } from '@orderloom/db';
import type { DemoProduct } from './shop.ts';

/** A variant as it was stored, in the order of the products. */
export type StoredVariant = { readonly id: string; readonly product: DemoProduct; readonly position: number };
export type Goods = {
  readonly tenantId: string;
  readonly products: readonly DemoProduct[];
  readonly storeIds: readonly string[];
  readonly at: Date;
  readonly newId: () => string;
};

/** The locations, the products with their variants, and their empty shelves. */
export function foundGoods(em: EntityManager, goods: Goods) {
  const { tenantId, at, newId } = goods;
  const row = { tenantId, createdAt: at, updatedAt: at };
  const locationIds = ['Main warehouse', 'Shop floor'].map((name, priority) => {
    const id = newId();
    em.create(StockLocationRow, { ...row, id, name, priority, active: true });
    return id;
  });
  const variants = goods.products.flatMap((product, index) => {
    const id = newId();
    const storeId = goods.storeIds[product.store - 1] ?? goods.storeIds[0] ?? '';
    const priced = { priceMinor: product.price, currency: 'USD', taxClass: 'standard', trackStock: true, active: true };
    const { sku, name } = product;
    em.create(ProductRow, { ...row, id, ref: index + 1, sku, name, storeId, ...priced });
    return product.variants.map((variant, position): StoredVariant => {
      const variantId = newId();
      em.create(VariantRow, { ...row, id: variantId, productId: id, position, ...variant, priceMinor: null });
      for (const locationId of locationIds)
        em.create(StockLevelRow, {
          tenantId,
          variantId,
          locationId,
          onHand: 0,
          reserved: 0,
          backorderLimit: 0,
          version: 1,
          updatedAt: at,
        });
      return { id: variantId, product, position };
    });
  });
  em.create(NumberCounterRow, { tenantId, name: 'product', value: goods.products.length });
  return { locationIds, variants };
}
