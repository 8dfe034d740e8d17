import { z } from 'zod';
import type { Client } from './client.ts';

/** Amounts are decimal texts, and whole ones are right in every currency. */
const Amount = z.string().transform(Number);
export const Product = z.object({ id: z.string(), sku: z.string(), stock: z.int() });
export const Customer = z.object({ id: z.string(), balance: Amount });
export const Order = z.object({
  id: z.string(),
  version: z.int(),
  status: z.string(),
  total_amount: Amount,
  paid_amount: Amount,
  refunded_amount: Amount,
  items: z.array(z.object({ product: z.string(), quantity: z.int(), shipped_quantity: z.int() })),
});
export const Payment = z.object({ id: z.string(), order: z.string(), status: z.string() });
export type Product = z.output<typeof Product>;
export type Customer = z.output<typeof Customer>;
export type Order = z.output<typeof Order>;
export type Payment = z.output<typeof Payment>;
export const Page = z.object({ count: z.int(), results: z.array(z.object({ id: z.string() })) });

const api = '/api/v1';
export const paths = {
  orders: `${api}/orders/`,
  order: (id: string) => `${api}/orders/${id}/`,
  command: (id: string, name: string) => `${api}/orders/${id}/${name}_order/`,
  refunds: (id: string) => `${api}/orders/${id}/refunds/`,
  bulk: `${api}/orders/bulk_update_status/`,
  products: `${api}/products/`,
  product: (id: string) => `${api}/products/${id}/`,
  customers: `${api}/customers/`,
  customer: (id: string) => `${api}/customers/${id}/`,
  payments: `${api}/payments/`,
  payment: (id: string) => `${api}/payments/${id}/`,
} as const;

/** A new product of which there is so much. */
export async function aProduct(by: Client, stock: number): Promise<Product> {
  const body = { name: by.key(), sku: by.key(), price: '10' };
  const { id } = await by.made(Product, paths.products, { body });
  return by.made(Product, `${paths.product(id)}receive/`, { body: { quantity: stock } });
}

/** A new customer with so much on the balance. */
export async function aCustomer(by: Client, balance = 0): Promise<Customer> {
  const name = by.key();
  const made = await by.made(Customer, paths.customers, { body: { name, email: `${name}@example.com` } });
  if (balance === 0) return made;
  const body = { amount: String(balance), reason: 'for the lab' };
  return by.made(Customer, `${paths.customer(made.id)}top_up/`, { body });
}

/** The body of an order for these products: one line each, or more of one when it is named again. */
export const orderOf = (
  lines: readonly { readonly product: Pick<Product, 'id'>; readonly quantity: number }[],
  customer?: Pick<Customer, 'id'>,
) => ({
  ...(customer ? { customer_id: customer.id, payment_method: 'balance' } : {}),
  items: lines.map(({ product, quantity }) => ({ product: product.id, quantity })),
});

export const anOrder = (
  by: Client,
  product: Product,
  { quantity = 1, customer }: { readonly quantity?: number; readonly customer?: Customer } = {},
): Promise<Order> => by.made(Order, paths.orders, { body: orderOf([{ product, quantity }], customer) });

export const orderNow = (by: Client, id: string): Promise<Order> => by.made(Order, paths.order(id));
export const stockOf = async (by: Client, { id }: Pick<Product, 'id'>): Promise<number> =>
  (await by.made(Product, paths.product(id))).stock;
export const balanceOf = async (by: Client, { id }: Pick<Customer, 'id'>): Promise<number> =>
  (await by.made(Customer, paths.customer(id))).balance;

/** How many orders of a customer there are. */
export const ordersOf = async (by: Client, { id }: Pick<Customer, 'id'>): Promise<number> =>
  (await by.made(Page, `${paths.orders}?customer_id=${id}`)).count;
