import type { HistoryOf } from '@orderloom/core/inputs';
import {
  type EntityManager,
  type LevelRow,
  levelsOf,
  type MovementRow,
  movementsOf,
  productByName,
} from '@orderloom/db';
import { refuse } from '../errors.ts';
import { type PageOf, pageOf } from '../page.ts';
import type { Acting } from '../trpc.ts';

/** What lies where, for every variant of a product. */
export const stockLevels = (ctx: Acting, name: string): Promise<LevelRow[]> =>
  ctx.read(async (em) => levelsOf(em, ctx.caller.tenantId, await productId(em, ctx, name)));

/** Every movement of a product's variants, newest first. */
export const stockMovements = (
  ctx: Acting,
  { id: name, limit, cursor }: HistoryOf,
): Promise<PageOf<MovementRow>> =>
  ctx.read(async (em) => {
    const id = await productId(em, ctx, name);
    return pageOf(ctx, {
      key: { list: 'movements', filters: { product: id } },
      limit,
      cursor,
      fetch: ({ after, limit: count }) =>
        movementsOf(em, ctx.caller.tenantId, { productId: id, afterId: after?.id ?? null, limit: count }),
      position: (movement) => ({ at: movement.at, id: movement.id }),
    });
  });

async function productId(em: EntityManager, ctx: Acting, name: string): Promise<string> {
  const product = await productByName(em, ctx.caller.tenantId, name);
  if (!product) throw refuse({ code: 'PRODUCT_NOT_FOUND', id: name });
  return product.id;
}
