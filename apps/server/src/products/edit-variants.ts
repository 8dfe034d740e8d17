import { err, ok, type Result } from '@orderloom/core';
import type { EditProduct } from '@orderloom/core/inputs';
import type { ProductStock, VariantStock } from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { newVariant } from './variants.ts';

type Wanted = NonNullable<EditProduct['variants']>[number];
type Editing = {
  readonly changed: readonly { readonly id: string; readonly columns: Readonly<Record<string, unknown>> }[];
  readonly added: readonly ReturnType<typeof newVariant>[];
};

/** What becomes of the variants of a product; none of them can be taken away: orders hold them. */
export function variantsOf(
  product: ProductStock,
  input: EditProduct,
  named: Named,
): Result<Editing, Refusal> {
  const asked: readonly Wanted[] = input.variants ?? product.variants.map(({ id }) => ({ id }));
  const found = asked.map((wanted) => ({ wanted, variant: namedBy(product, wanted) }));
  const unknown = found.findIndex(({ wanted, variant }) => wanted.id !== undefined && !variant);
  if (unknown >= 0)
    return err({ code: 'REFERENCE_UNKNOWN', field: `variants.${unknown}.id`, what: 'Variant' });
  const kept = new Set(found.map(({ variant }) => variant?.id));
  if (product.variants.some(({ id }) => !kept.has(id))) return invalid('variants', 'must name every variant');
  const counted = found.findIndex(
    ({ wanted, variant }) => wanted.available !== undefined && wanted.available !== variant?.available,
  );
  if (counted >= 0) return invalid(`variants.${counted}.stock`, 'This field is read-only.');

  const fresh = found.filter(({ variant }) => !variant).map(({ wanted }) => wanted);
  return ok({
    added: fresh.map((one, at) => newVariant(one, { ...named, position: product.variants.length + at })),
    changed: found.flatMap(({ wanted, variant }) => {
      const columns = variant ? columnsOf({ product, named }, variant, wanted) : {};
      return variant && Object.keys(columns).length > 0 ? [{ id: variant.id, columns }] : [];
    }),
  });
}

const invalid = (path: string, message: string): Result<never, Refusal> =>
  err({ code: 'INVALID_INPUT', issues: [{ path, message }] });

const namedBy = ({ variants }: ProductStock, { id, sku }: Wanted): VariantStock | undefined =>
  variants.find((one) => (id === undefined ? one.sku === sku : one.id === id));

/** What the product is called from now on. */
type Named = { readonly sku: string; readonly name: string };
type Around = { readonly product: ProductStock; readonly named: Named };

/** A variant that bears the product's name, sku or price goes on doing so, unless it is given its own. */
function columnsOf(
  { product, named }: Around,
  variant: VariantStock,
  wanted: Wanted,
): Record<string, unknown> {
  const follow = <T>(given: T | undefined, before: T, [from, to]: readonly [T, T]): T =>
    given === undefined || given === before ? (before === from ? to : before) : given;
  const name = follow(wanted.name, variant.name, [product.name, named.name]);
  const sku = follow(wanted.sku, variant.sku, [product.sku, named.sku]);
  const price = wanted.price === null && variant.price === product.price ? undefined : wanted.price;
  const options = JSON.stringify(wanted.options ?? variant.options);
  return Object.fromEntries(
    Object.entries({
      name: name === variant.name ? undefined : name,
      sku: sku === variant.sku ? undefined : sku,
      options: options === JSON.stringify(variant.options) ? undefined : options,
      price_minor: price === variant.price ? undefined : price,
    }).filter(([, value]) => value !== undefined),
  );
}
