import { earlierAnswer, openDirectory } from '@orderloom/db';
import { orThrow, refuse } from '../errors.ts';
import { nameOutside } from '../remote.ts';
import type { Acting } from '../trpc.ts';

/** What a cart shall hold more of; `available` is told where somebody else knows what is for sale. */
export type Filling = { readonly product: string; readonly available?: number };

/** The same, asked of the catalogue that orders of this family are served from, and by our name. */
export async function offered<T extends Filling>(ctx: Acting, input: T): Promise<T & Filling> {
  const { parts, caller, once, requestId, at } = ctx;
  const { tenantId } = caller;
  if (!parts.remote?.goods || ctx.origin !== 'service') return input;
  const { goods, errand: errandFor } = parts.remote;
  const products = [input.product];
  const [directory, earlier] = await ctx.read(async (em) => [
    await openDirectory(em, tenantId, [{ products, customers: [], stores: [], addresses: [] }]),
    once && (await earlierAnswer(em, tenantId, once)),
  ]);
  if (earlier) return input;
  const errand = errandFor({ tenantId, requestId, at, currency: directory.tenant.currency });
  const [offer] = orThrow(await goods.find(errand, [nameOutside(input.product, directory)]));
  if (!offer) throw refuse({ code: 'PRODUCT_NOT_FOUND', id: input.product });
  // None is taken: a cart holds no stock.
  const wishes = [{ offer, quantity: 0 }];
  const { products: ours } = orThrow(await goods.take(errand, { wishes, onShortage: 'partial' }));
  const product = ours.get(offer.id)?.sku ?? input.product;
  return { ...input, product, available: Math.max(0, offer.quantity) };
}
