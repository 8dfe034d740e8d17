import type { NewVariant } from '@orderloom/core/inputs';
import { type EntityManager, locationIds, openLevels, VariantRow } from '@orderloom/db';

/** What a variant takes from its product where nothing else is said. */
type From = { readonly sku: string; readonly name: string; readonly position: number };

type Variant = {
  readonly sku: string;
  readonly name: string;
  readonly options: Record<string, string>;
  readonly priceMinor: number | null;
  readonly position: number;
};

/** A variant to be stored: the first bears the name of its product, another one a word of its own. */
export function newVariant({ sku, name, options = {}, price = null }: NewVariant, from: From): Variant {
  const { position } = from;
  const word = sku ?? (position === 0 ? from.sku : `${from.sku}-${position + 1}`);
  const told = Object.values(options).join(', ');
  return { sku: word, name: name ?? (told || from.name), options, priceMinor: price, position };
}

type Of = { readonly tenantId: string; readonly productId: string; readonly at: string };

/** Stores new variants of a product, each with a shelf at every location. */
export async function openVariants(
  em: EntityManager,
  { tenantId, productId, at }: Of,
  variants: readonly (Variant & { readonly id: string })[],
): Promise<void> {
  if (variants.length === 0) return;
  const row = { tenantId, productId, createdAt: new Date(at), updatedAt: new Date(at) };
  await em.insertMany(
    VariantRow,
    variants.map((one) => ({ ...row, ...one })),
  );
  const places = await locationIds(em, tenantId);
  const keys = variants.flatMap(({ id }) => places.map((locationId) => ({ variantId: id, locationId })));
  await openLevels(em, tenantId, { keys, at });
}
