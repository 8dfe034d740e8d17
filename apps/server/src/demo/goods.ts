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

/**
 * The locations, the products with their variants, and their empty shelves; what others refer to is written
 * first.
 */
export async function foundGoods(em: EntityManager, { tenantId, at, newId, products, storeIds }: Goods) {
  const row = { tenantId, createdAt: at, updatedAt: at };
  const locations = ['Main warehouse', 'Shop floor'].map((name, priority) => ({
    id: newId(),
    name,
    priority,
  }));
  await em.insertMany(
    StockLocationRow,
    locations.map((location) => ({ ...row, ...location, active: true })),
  );
  const stored = products.map((product, index) => ({ ...product, id: newId(), ref: index + 1 }));
  const sold = { currency: 'USD', taxClass: 'standard', trackStock: true, active: true };
  await em.insertMany(
    ProductRow,
    stored.map(({ id, ref, sku, name, price, store }) => {
      const storeId = storeIds[store - 1] ?? storeIds[0] ?? '';
      return { ...row, ...sold, id, ref, sku, name, storeId, priceMinor: price };
    }),
  );
  await em.insert(NumberCounterRow, { tenantId, name: 'product', value: stored.length });
  const variants = stored.flatMap(({ id: productId, ref, plenty, variants: kinds }) =>
    kinds.map((kind, position) => ({ id: newId(), productId, ref, plenty, position, kind })),
  );
  await em.insertMany(
    VariantRow,
    variants.map(({ id, productId, position, kind }) => ({
      ...row,
      id,
      productId,
      position,
      ...kind,
      priceMinor: null,
    })),
  );
  const locationIds = locations.map(({ id }) => id);
  const keys = variants.flatMap(({ id }) => locationIds.map((locationId) => ({ variantId: id, locationId })));
  await openLevels(em, tenantId, { keys, at: at.toISOString() });
  return { locationIds, variants };
}
