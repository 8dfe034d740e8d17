import { err, ok, type Result } from '@orderloom/core';
import type { AdjustProduct } from '@orderloom/core/inputs';
import { type EntityManager, productByName, type ProductStock } from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import type { Actor } from '../trpc.ts';
import { adjustStock, receiveStock } from './change.ts';

type Counted = Omit<AdjustProduct, 'reason'> & { readonly reason?: string };

/** Receives (without a reason) or adjusts what lies of a variant, by the name of its product. */
export async function countProduct(
  em: EntityManager,
  { id, variant: name, quantity, reason }: Counted,
  actor: Actor,
): Promise<Result<ProductStock, Refusal>> {
  const { tenantId } = actor.caller;
  const product = await productByName(em, tenantId, id);
  if (!product) return err({ code: 'PRODUCT_NOT_FOUND', id });
  const variant = product.variants.find((one, at) =>
    name === undefined ? at === 0 : [one.id, one.sku].includes(name) || one.id === name.toLowerCase(),
  );
  if (!variant) return err({ code: 'REFERENCE_UNKNOWN', field: 'variant', what: 'Variant' });
  const of = { variant: variant.id, location: undefined, quantity };
  const counted = await (reason === undefined
    ? receiveStock(em, { ...of, reason: 'received' }, actor)
    : adjustStock(em, { ...of, reason }, actor));
  if (!counted.ok) return counted;
  return ok((await productByName(em, tenantId, product.id)) ?? product);
}
