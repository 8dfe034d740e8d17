const uuid = (end: string) => `0199aa00-0000-7000-8000-${end.padStart(12, '0')}`;
const at = '2026-01-15T10:00:00.000Z';
const times = { created_at: at, updated_at: at };

const aVariant = (end: string, colour: string, stock: number) => ({
  id: uuid(end),
  sku: `MUG-${colour.toUpperCase()}`,
  name: colour,
  options: { colour },
  price: '29.99',
  stock,
});

/** Things to show in the documentation. */
export const productExample = {
  id: uuid('f1'),
  ref: 1,
  sku: 'MUG',
  name: 'Mug',
  store: uuid('a1'),
  price: '29.99',
  currency: 'USD',
  stock: 45,
  active: true,
  variants: [aVariant('f2', 'blue', 25), aVariant('f3', 'red', 20)],
  ...times,
};
export const customerExample = {
  id: uuid('c1'),
  ref: 123,
  customer_id: 'CUST123',
  name: 'Jane Roe',
  email: 'jane@example.com',
  balance: '100.00',
  currency: 'USD',
  ...times,
};
export const ledgerExample = {
  id: uuid('11'),
  memo: 'top-up',
  amount: '100.00',
  currency: 'USD',
  order: null,
  order_number: null,
  created_at: at,
};
export const addressExample = {
  id: uuid('d1'),
  customer_id: 'CUST123',
  name: 'Jane Roe',
  line1: '1 Main St',
  line2: null,
  city: 'Springfield',
  region: 'IL',
  postcode: '62701',
  country: 'US',
  phone: null,
  ...times,
};
export const storeExample = {
  id: uuid('a1'),
  ref: 1,
  slug: 'main',
  name: 'Main store',
  active: true,
  ...times,
};
export const noticeExample = {
  id: uuid('21'),
  kind: 'order_confirmation',
  order: uuid('1'),
  order_number: 'ORD-20260115-0001',
  title: 'Order ORD-20260115-0001 is confirmed',
  message: 'We are getting your order ready.',
  read_at: null,
  created_at: at,
};
export const tokenExample = {
  id: uuid('31'),
  name: 'ERP',
  prefix: 'olm_live_4f2a',
  scopes: ['orders:read_all'],
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  created_at: at,
};
