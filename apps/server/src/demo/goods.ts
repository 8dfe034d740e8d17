import {
  type EntityManager,
  NumberCounterRow,
  openLevels,
  ProductRow,
  StockLocationRow,
  VariantRow,
} from '@orderloom/db';
import type { DemoProduct } from './shop.ts';

/** A variant as it was stored, with the number of its product. */
export type StoredVariant = {
  readonly id: string;
  readonly ref: number;
  readonly plenty: boolean;
  readonly position: number;
};
export type Goods = {
  readonly tenantId: string;
  readonly products: readonly DemoProduct[];
  readonly storeIds: readonly string[];
  readonly at: Date;
  readonly newId: () => string;
};

/** The locations, the products with their variants, and their empty shelves; what others refer to is written first. */
export async function foundGoods(em: EntityManager, { tenantId, at, newId, products, storeIds }: Goods) {
  const row = { tenantId, createdAt: at, updatedAt: at };
  const locationIds = ['Main warehouse', 'Shop floor'].map((name, priority) => {
    const id = newId();
    em.create(StockLocationRow, { ...row, id, name, priority, active: true });
    return id;
  });
  const stored = products.map((product, index) => ({ ...product, id: newId(), ref: index + 1 }));
  for (const { id, ref, sku, name, price, store } of stored) {
    const storeId = storeIds[store - 1] ?? storeIds[0] ?? '';
    const priced = {
      priceMinor: price,
      currency: 'USD',
      taxClass: 'standard',
      trackStock: true,
      active: true,
    };
    em.create(ProductRow, { ...row, id, ref, sku, name, storeId, ...priced });
  }
  em.create(NumberCounterRow, { tenantId, name: 'product', value: stored.length });
  await em.flush();
  const variants = stored.flatMap(({ id: productId, ref, plenty, variants: kinds }) =>
    kinds.map((kind, position): StoredVariant => {
      const id = newId();
      em.create(VariantRow, { ...row, id, productId, position, ...kind, priceMinor: null });
      return { id, ref, plenty, position };
    }),
  );
  await em.flush();
  const keys = variants.flatMap(({ id }) => locationIds.map((locationId) => ({ variantId: id, locationId })));
  await openLevels(em, tenantId, { keys, at: at.toISOString() });
  return { locationIds, variants };
}
