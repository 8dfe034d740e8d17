// Every published API, one after the other, against a running demo shop:
//   npm start, then in another terminal: node examples/walk-through.ts [http://127.0.0.1:8000]

const host = process.argv[2] ?? 'http://127.0.0.1:8000';
const shop = { 'X-Tenant-Id': 'shop-1' };
const customer = { Authorization: 'Bearer olm_test_customer' };
const staff = { Authorization: 'Bearer olm_test_staff' };

type Sent = { readonly headers?: Record<string, string>; readonly body?: unknown };
/** What an answer says of itself that later requests want to know. */
type Told = { readonly id: string; readonly order_id: string; readonly nextCursor: string };

/** Sends one request, shows what came back, and ends the walk when it is not what the documents promise. */
async function expect(status: number, request: string, { headers = {}, body }: Sent = {}): Promise<Told> {
  const [method = '', path = ''] = request.split(' ');
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const sent = { method, headers: { ...json, ...headers } };
  const answer = await fetch(
    host + path,
    body === undefined ? sent : { ...sent, body: JSON.stringify(body) },
  );
  const text = await answer.text();
  console.log(`${request}\n  ${answer.status} ${text.slice(0, 160)}${text.length > 160 ? ' …' : ''}`);
  if (answer.status !== status) throw new Error(`${request}: expected ${status}, found ${answer.status}`);
  const { id = '', order_id = '', nextCursor = '' } = JSON.parse(text);
  return { id, order_id, nextCursor };
}

console.log('\nOne product, paid from the balance\n');
await expect(200, 'GET /order/customers');
await expect(200, 'GET /order/products');
const two = { customer_id: 1, product_id: 1, quantity: 2 };
await expect(200, 'POST /order/', { headers: customer, body: two });
await expect(400, 'POST /order/', { headers: customer, body: { ...two, quantity: 1_000 } });

console.log('\nAn order of several products: placed, viewed, changed, cancelled\n');
const products = [
  { product_id: 'P-1', item_count: 1 },
  { product_id: 'MUG', item_count: 2 },
];
const { order_id: id } = await expect(200, 'POST /orders', { headers: customer, body: { products } });
await expect(200, `GET /orders/${id}`, { headers: customer });
const edit = { products: [{ product_id: 'MUG', item_count: 1 }] };
await expect(200, `PATCH /orders/${id}`, { headers: customer, body: edit });
await expect(200, `DELETE /orders/${id}`, { headers: customer });

console.log('\nOrders of a customer, from items and from the cart\n');
const items = [{ product_id: 1, quantity: 1 }];
const ordered = await expect(201, 'POST /orders/4', { body: { items } });
await expect(200, 'GET /orders/4');
await expect(200, `PUT /orders/${ordered.id}`, { body: { status: 'Delivered' } });
await expect(201, 'POST /carts/5', { body: { product_id: 5, quantity: 1 } });
await expect(201, 'POST /orders/5');

console.log('\nA draft: begun once, confirmed at its version, closed\n');
const key = { ...shop, 'Idempotency-Key': `walk-${performance.timeOrigin}` };
const draft = await expect(200, 'POST /orders', { headers: key, body: {} });
await expect(200, 'POST /orders', { headers: key, body: {} });
const agreed = { headers: { ...shop, 'If-Match': '1' }, body: { totalCents: 1_000 } };
await expect(200, `PATCH /orders/${draft.id}/confirm`, agreed);
await expect(409, `PATCH /orders/${draft.id}/confirm`, agreed);
await expect(200, `POST /orders/${draft.id}/close`, { headers: shop });
const page = await expect(200, 'GET /orders?limit=10');
await expect(200, `GET /orders?limit=10&cursor=${page.nextCursor}`);

console.log('\nThe api family\n');
const asked = {
  customer_id: 'CUST123',
  shipping_method: 'standard',
  items: [{ product: 'MUG', quantity: 2 }],
};
const order = await expect(201, 'POST /api/v1/orders/', { headers: staff, body: asked });
for (const step of ['confirm_order', 'ship_order', 'deliver_order'])
  await expect(200, `PATCH /api/v1/orders/${order.id}/${step}/`, { headers: staff });
console.log('\nEvery step went as it is documented.');
