import { err, ok } from '@orderloom/core';
import { databaseTime, endIntent, isMeant, newId, planIntent, postponeIntents } from '@orderloom/db';
import { z } from 'zod';
import type { Baskets, Errand } from '../remote.ts';
import { cartsOf, type RemoteCart } from './carts.ts';
import { committed, type Desk, unreachable } from './desk.ts';
import { leaseSeconds } from './pieces.ts';

export const closeCart = 'cart.close';

/** What is recorded of a cart that became an order. */
export const Closing = z.object({
  items: z.array(z.object({ product: z.string(), quantity: z.int() })),
});

export const isOpen = ({ status, items }: RemoteCart): boolean =>
  status.toLowerCase() === 'active' && items.length > 0;

/** The carts of somebody else: read before the order, closed after it, ordered from once. */
export const basketsOf = (desk: Desk): Baskets => ({
  find: async (errand, customer) => {
    const { tenantId } = errand;
    const since = await committed(desk, tenantId, databaseTime);
    const found = await cartsOf(desk.client).find(errand, customer);
    if (!found.ok) return err(await unreachable(desk, errand, found.error));
    const cart = found.value;
    if (!cart || !isOpen(cart)) return ok(null);
    const id = newId();
    const { items } = cart;
    const intent = { id, kind: closeCart, target: customer, payload: { items }, leaseSeconds };
    return ok({
      items,
      meanToClose: async (em) => {
        if (await isMeant(em, tenantId, { kind: closeCart, target: customer, since })) return false;
        await planIntent(em, tenantId, intent);
        return true;
      },
      close: () => closeNow(desk, errand, { id, customer, etag: cart.etag }),
    });
  },
});

type Now = { readonly id: string; readonly customer: string; readonly etag: string | null };

/** Whatever goes wrong now is done later: the order stands. */
async function closeNow(desk: Desk, errand: Errand, { id, customer, etag }: Now): Promise<void> {
  const { tenantId } = errand;
  const closed = await cartsOf(desk.client).close(errand, { customer, etag, key: id });
  if (!closed.ok) await unreachable(desk, errand, closed.error);
  await committed(desk, tenantId, (em) =>
    closed.ok && closed.value
      ? endIntent(em, tenantId, { id, state: 'DONE' })
      : postponeIntents(em, tenantId, { ids: [id], seconds: 1 }),
  );
}
