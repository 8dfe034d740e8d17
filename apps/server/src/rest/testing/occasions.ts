import { newId } from '@orderloom/db';
import { type Answered, call, type CallOptions, type TestApp } from '../../testing.ts';

/** A call that goes well; everything that it needs has been made. */
export type Occasion = { readonly path: string } & Pick<CallOptions, 'body' | 'headers'>;

/** The field of an answer, as a text. */
export const fieldOf = (answer: Pick<Answered, 'json'>, name: string): string =>
  String(Reflect.get(Object(answer.json), name));

const telling = `
  insert into notifications (tenant_id, id, customer_id, principal_id, kind, channel, title, body, created_at)
  select t.tenant_id, gen_random_uuid(), case p.role when 'customer' then p.customer_id end,
    case p.role when 'customer' then null else p.id end, 'refund', 'in_app', 'Refund', 'Given back', now()
  from api_tokens t join principals p on p.tenant_id = t.tenant_id and p.id = t.principal_id
  where t.secret_hash = encode(sha256($1::text::bytea), 'hex') returning id`;

/** Whoever holds the token is the customer of the order from now on. */
const ordering = `
  update principals p set customer_id = o.customer_id from api_tokens t, orders o
  where t.secret_hash = encode(sha256($1::text::bytea), 'hex') and p.tenant_id = t.tenant_id
    and p.id = t.principal_id and o.tenant_id = t.tenant_id and o.id = $2`;

/** How orders of a shop come to be in any state, by the calls of its staff. */
export function aHand(app: Pick<TestApp, 'url' | 'db'>, token: string) {
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
  /** Something that whoever holds the token was told. */
  const notified = async () => {
    const { rows } = await app.db.pool.query<{ id: string }>(telling, [token]);
    return rows[0]?.id ?? '';
  };
  /** An order that whoever holds the token has got, as its customer. */
  const received = async () => {
    const id = fieldOf(await ask('/orders/1', { body: { items: [{ product_id: 1, quantity: 1 }] } }), 'id');
    await ask(`/orders/${id}`, { method: 'PUT', body: { status: 'Delivered' } });
    await app.db.pool.query(ordering, [token, id]);
    return id;
  };
  return { ask, placed, moved, drafted, confirm, notified, received };
}
export type Hand = ReturnType<typeof aHand>;

const oneMug = { products: [{ product_id: 'MUG', item_count: 1 }] };
const aCart = ({ ask }: Hand) => ask('/carts/1', { body: { product_id: 1, quantity: 1 } });
const aPot = async ({ ask }: Hand) =>
  fieldOf(await ask('/products', { body: { name: 'Pot', price: 1, quantity: 1 } }), 'id');
const anAddress = {
  name: 'Jane Roe',
  line1: '1 Main St',
  city: 'Springfield',
  postcode: '62701',
  country: 'US',
};
/** Makes a thing of the api family, and says where it is. */
async function madeAt({ ask }: Hand, list: string, body: unknown): Promise<string> {
  const path = `/api/v1/${list}/`;
  return `${path}${fieldOf(await ask(path, { body }), 'id')}/`;
}
const aProduct = (hand: Hand) => madeAt(hand, 'products', { name: 'Pot', price: '1.00' });
const aPayment = async (hand: Hand) =>
  madeAt(hand, 'payments', { order: await hand.placed(), payment_method: 'cash' });
async function aTakenPayment(hand: Hand): Promise<string> {
  const path = await aPayment(hand);
  await hand.ask(`${path}process_payment/`, { method: 'POST' });
  return path;
}
/** A mug of an order that has something else, too. */
async function anItem(hand: Hand): Promise<string> {
  const products = [{ product_id: await aPot(hand), item_count: 1 }, ...oneMug.products];
  const order = await hand.placed({ products });
  const { text } = await hand.ask(`/api/v1/order-items/by_order/?order_id=${order}&search=MUG`);
  return `/api/v1/order-items/${/"id":"([^"]+)"/.exec(text)?.[1]}/`;
}
async function aBalancePayment(hand: Hand): Promise<string> {
  const body = { items: [{ product: 1, quantity: 1 }], customer_id: 'CUST1' };
  const order = fieldOf(await hand.ask('/api/v1/orders/', { body }), 'id');
  return madeAt(hand, 'payments', { order, payment_method: 'balance' });
}
async function aHeldPayment(hand: Hand): Promise<string> {
  const path = await aBalancePayment(hand);
  await hand.ask(`${path}authorize/`, { method: 'POST' });
  return path;
}
const anApiCustomer = (hand: Hand) => madeAt(hand, 'customers', { name: 'Ann', email: 'ann@example.com' });
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
  replaceOrder: async ({ placed }) => ({
    path: `/api/v1/orders/${await placed()}/`,
    body: { items: [{ product: 'MUG', quantity: 2 }] },
  }),
  patchOrder: async ({ placed }) => ({
    path: `/api/v1/orders/${await placed()}/`,
    body: { notes: 'Ring twice' },
  }),
  bulkUpdateStatus: async ({ placed }) => ({
    path: '/api/v1/orders/bulk_update_status/',
    body: { order_ids: [await placed()], status: 'confirmed' },
  }),
  deleteOrder: async ({ placed }) => ({ path: `/api/v1/orders/${await placed()}/` }),
  giveRefund: async (hand) => {
    await hand.ask('/order/', { body: { customer_id: 1, product_id: 1, quantity: 1 } });
    const { text } = await hand.ask('/api/v1/orders/?payment_status=paid&page_size=1');
    const id = /"id":"([^"]+)"/.exec(text)?.[1];
    return { path: `/api/v1/orders/${id}/refunds/`, body: { amount: '1.00' } };
  },
  giveFeedback: async ({ received }) => ({
    path: `/api/v1/orders/${await received()}/feedback/`,
    body: { score: 5, comment: 'Arrived a day early' },
  }),
  createOrderItem: async ({ placed }) => ({
    path: '/api/v1/order-items/',
    body: { order: await placed(), product: 'MUG', quantity: 1 },
  }),
  replaceOrderItem: async (hand) => ({ path: await anItem(hand), body: { quantity: 2 } }),
  patchOrderItem: async (hand) => ({ path: await anItem(hand), body: { quantity: 3 } }),
  deleteOrderItem: async (hand) => ({ path: await anItem(hand) }),
  createPayment: async ({ placed }) => ({
    path: '/api/v1/payments/',
    body: { order: await placed(), payment_method: 'cash' },
  }),
  processPayment: async (hand) => ({ path: `${await aPayment(hand)}process_payment/` }),
  replacePayment: async (hand) => ({ path: await aPayment(hand), body: { payment_reference: 'INV-1' } }),
  patchPayment: async (hand) => ({ path: await aPayment(hand), body: { payment_reference: 'INV-1' } }),
  deletePayment: async (hand) => ({ path: await aPayment(hand) }),
  authorizePayment: async (hand) => ({ path: `${await aBalancePayment(hand)}authorize/` }),
  capturePayment: async (hand) => ({ path: `${await aHeldPayment(hand)}capture/`, body: { amount: '1.00' } }),
  voidPayment: async (hand) => ({ path: `${await aHeldPayment(hand)}void/` }),
  refundPayment: async (hand) => ({ path: `${await aTakenPayment(hand)}refund_payment/` }),
  createProduct: async () => ({ path: '/api/v1/products/', body: { name: 'Pot', price: '1.00' } }),
  replaceProduct: async (hand) => ({ path: await aProduct(hand), body: { name: 'Jug', price: '2.00' } }),
  patchProduct: async (hand) => ({ path: await aProduct(hand), body: { price: '3.00' } }),
  deleteProduct: async (hand) => ({ path: await aProduct(hand) }),
  receiveProduct: async (hand) => ({ path: `${await aProduct(hand)}receive/`, body: { quantity: 5 } }),
  adjustProduct: async (hand) => ({
    path: `${await aProduct(hand)}adjust/`,
    body: { quantity: 5, reason: 'found' },
  }),
  createCustomer: async () => ({
    path: '/api/v1/customers/',
    body: { name: 'Ann', email: 'ann@example.com' },
  }),
  replaceCustomer: async (hand) => ({
    path: await anApiCustomer(hand),
    body: { name: 'Bea', email: 'bea@example.com' },
  }),
  patchCustomer: async (hand) => ({ path: await anApiCustomer(hand), body: { name: 'Cleo' } }),
  topUpCustomer: async (hand) => ({
    path: `${await anApiCustomer(hand)}top_up/`,
    body: { amount: '5.00', reason: 'gift' },
  }),
  createAddress: async () => ({ path: '/api/v1/addresses/', body: anAddress }),
  replaceAddress: async (hand) => ({ path: await madeAt(hand, 'addresses', anAddress), body: anAddress }),
  patchAddress: async (hand) => ({ path: await madeAt(hand, 'addresses', anAddress), body: { name: 'Bea' } }),
  deleteAddress: async (hand) => ({ path: await madeAt(hand, 'addresses', anAddress) }),
  createStore: async () => ({ path: '/api/v1/stores/', body: { name: 'Shed' } }),
  patchStore: async (hand) => ({
    path: await madeAt(hand, 'stores', { name: 'Shed' }),
    body: { name: 'House' },
  }),
  readNotification: async ({ notified }) => ({ path: `/api/v1/notifications/${await notified()}/read/` }),
  createToken: async () => ({ path: '/api/v1/tokens/', body: { name: 'ERP', scopes: ['orders:read_all'] } }),
  revokeToken: async (hand) => ({
    path: await madeAt(hand, 'tokens', { name: 'ERP', scopes: ['orders:read_all'] }),
  }),
  refundOrder: async ({ moved }) => command(await moved('Delivered'), 'refund_order'),
};

/** The call of this operation that goes well. */
export function occasionFor(operationId: string, hand: Hand): Promise<Occasion> {
  const make = occasions[operationId];
  if (!make) throw new Error(`testing/occasions.ts says no call of ${operationId} that goes well`);
  return make(hand);
}
