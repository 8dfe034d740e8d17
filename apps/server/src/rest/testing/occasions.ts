import { newId } from '@orderloom/db';
import { type Answered, call, type CallOptions, type TestApp } from '../../testing.ts';

/** A call that goes well; everything that it needs has been made. */
export type Occasion = { readonly path: string } & Pick<CallOptions, 'body' | 'headers'>;

/** The field of an answer, as a text. */
export const fieldOf = (answer: Pick<Answered, 'json'>, name: string): string =>
  String(Reflect.get(Object(answer.json), name));

/** How orders of a shop come to be in any state, by the calls of its staff. */
export function aHand(app: Pick<TestApp, 'url'>, token: string) {
  const ask = (path: string, options: CallOptions = {}) => call(app, path, { token, ...options });
  const placed = async (body: unknown = { products: [{ product_id: 'MUG', item_count: 1 }] }) =>
    fieldOf(await ask('/orders', { body }), 'id');
  const moved = async (status: string) => {
    const id = await placed();
    await ask(`/orders/${id}`, { method: 'PUT', body: { status } });
    return id;
  };
  const drafted = async (body: unknown = {}) =>
    fieldOf(await ask('/orders', { body, headers: { 'Idempotency-Key': newId() } }), 'id');
  const confirm = (id: string, totalCents: number, version: number | string = 1) =>
    ask(`/orders/${id}/confirm`, {
      method: 'PATCH',
      body: { totalCents },
      headers: { 'If-Match': String(version) },
    });
  return { ask, placed, moved, drafted, confirm };
}
export type Hand = ReturnType<typeof aHand>;

const oneMug = { products: [{ product_id: 'MUG', item_count: 1 }] };
const aCart = ({ ask }: Hand) => ask('/carts/1', { body: { product_id: 1, quantity: 1 } });
const aPot = async ({ ask }: Hand) =>
  fieldOf(await ask('/products', { body: { name: 'Pot', price: 1, quantity: 1 } }), 'id');
const command = async (id: string, name: string): Promise<Occasion> => ({
  path: `/api/v1/orders/${id}/${name}/`,
});

/** For each operation that writes a call that goes well. */
export const occasions: Readonly<Record<string, (hand: Hand) => Promise<Occasion>>> = {
  createBalanceOrder: async () => ({
    path: '/order/',
    body: { customer_id: 1, product_id: 1, quantity: 1 },
  }),
  createServiceOrder: async () => ({ path: '/orders', body: oneMug }),
  createCustomerOrder: async () => ({
    path: '/orders/1',
    body: { items: [{ product_id: 1, quantity: 1 }] },
  }),
  setServiceOrderStatus: async ({ placed }) => ({
    path: `/orders/${await placed()}`,
    body: { status: 'Shipped' },
  }),
  editServiceOrder: async ({ placed }) => ({
    path: `/orders/${await placed()}`,
    body: { products: [{ product_id: 'MUG', item_count: 2 }] },
  }),
  cancelServiceOrder: async ({ placed }) => ({ path: `/orders/${await placed()}` }),
  confirmServiceOrder: async ({ drafted }) => ({
    path: `/orders/${await drafted()}/confirm`,
    body: { totalCents: 1_000 },
    headers: { 'If-Match': '1' },
  }),
  closeServiceOrder: async ({ moved }) => ({ path: `/orders/${await moved('Delivered')}/close` }),
  createCatalogueProduct: async () => ({ path: '/products', body: { name: 'Pot', price: 1 } }),
  updateCatalogueProduct: async (hand) => ({ path: `/products/${await aPot(hand)}`, body: { quantity: 5 } }),
  removeCatalogueProduct: async (hand) => ({ path: `/products/${await aPot(hand)}` }),
  addToCart: async () => ({ path: '/carts/1', body: { product_id: 1, quantity: 1 } }),
  setCartStatus: async (hand) => {
    await aCart(hand);
    return { path: '/carts/1', body: { status: 'Ordered' } };
  },
  putInCart: async () => ({ path: '/carts/1/1', body: { quantity: 3 } }),
  removeFromCart: async (hand) => {
    await aCart(hand);
    return { path: '/carts/1/1' };
  },
  createOrder: async () => ({ path: '/api/v1/orders/', body: { items: [{ product: 1, quantity: 1 }] } }),
  confirmOrder: async ({ placed }) => command(await placed(), 'confirm_order'),
  shipOrder: async ({ moved }) => command(await moved('Confirmed'), 'ship_order'),
  deliverOrder: async ({ moved }) => command(await moved('Shipped'), 'deliver_order'),
  cancelOrder: async ({ placed }) => command(await placed(), 'cancel_order'),
  refundOrder: async ({ moved }) => command(await moved('Delivered'), 'refund_order'),
};

/** The call of this operation that goes well. */
export function occasionFor(operationId: string, hand: Hand): Promise<Occasion> {
  const make = occasions[operationId];
  if (!make) throw new Error(`testing/occasions.ts says no call of ${operationId} that goes well`);
  return make(hand);
}
