import { ok, type Result } from '@orderloom/core';
import { z } from 'zod';
import type { Client, Errand, Trouble } from './http.ts';

/** What a customer has put together, in a cart service of somebody else. */
export type RemoteCart = {
  readonly status: string;
  readonly items: readonly { readonly product: string; readonly quantity: number }[];
  readonly etag: string | null;
};

const Cart = z.object({
  status: z.string().max(50),
  items: z
    .array(
      z
        .object({
          product_id: z.union([z.int().min(1), z.string().min(1).max(120)]).transform(String),
          quantity: z.int().min(1).max(1_000_000),
        })
        .transform(({ product_id: product, quantity }) => ({ product, quantity })),
    )
    .max(200),
});

/** The carts of somebody else (S3-18): the source of an order without items. */
export type Carts = {
  /** `null` when the customer has none. */
  readonly find: (errand: Errand, customer: string) => Promise<Result<RemoteCart | null, Trouble>>;
  /** Says that the cart became an order; whether there still is one to say it of. */
  readonly close: (errand: Errand, closing: Closing) => Promise<Result<boolean, Trouble>>;
};
export type Closing = { readonly customer: string; readonly etag: string | null; readonly key: string };

const pathOf = (customer: string): string => `/carts/${encodeURIComponent(customer)}`;

export const cartsOf = ({ ask }: Client): Carts => ({
  find: async (errand, customer) => {
    if (/^\.+$/.test(customer)) return ok(null);
    const said = await ask(errand, { path: pathOf(customer), shape: Cart, known: [404] });
    if (!said.ok) return said;
    const { value, etag } = said.value;
    return ok(value && { ...value, etag });
  },
  close: async (errand, { customer, etag, key }) => {
    const put = { body: { status: 'Ordered' }, etag, key };
    const said = await ask(errand, { path: pathOf(customer), shape: Cart, known: [404, 409, 412], put });
    return said.ok ? ok(said.value.status === 200) : said;
  },
});
