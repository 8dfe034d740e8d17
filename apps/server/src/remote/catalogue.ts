import { err, ok, type Result } from '@orderloom/core';
import { z } from 'zod';
import type { Client, Errand, Trouble } from './http.ts';

/** What a catalogue says of a product, and the version that it was. */
export type RemoteProduct = {
  /** Its own name in the catalogue. */
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  /** A decimal text, in the tenant's currency. */
  readonly price: string;
  readonly quantity: number;
  readonly etag: string | null;
};

const quantityMax = 2_147_483_647;
// Only what we use; whatever else a catalogue tells is its own business.
const Product = z.object({
  id: z.union([z.int().min(1).max(quantityMax), z.string().min(1).max(120)]).transform(String),
  sku: z
    .string()
    .max(120)
    .regex(/^(?!\d+$)[\w.-]+$/),
  name: z.string().min(1).max(200),
  price: z.number().min(0).transform(String),
  quantity: z.int().max(quantityMax),
});

/** How many are to be for sale, of the version that was read, under a name that makes it happen once. */
export type Setting = {
  readonly id: string;
  readonly quantity: number;
  readonly etag: string | null;
  readonly key: string;
};

/** `stale`: somebody else changed it meanwhile; when `doubted`, that may have been an earlier try. */
export type Set = {
  readonly state: 'done' | 'stale' | 'gone';
  readonly doubted: boolean;
  /** The version that it is now, where the catalogue tells. */
  readonly etag: string | null;
};

/** The catalogue of somebody else (S3-17): it knows what is for sale, and is told what was taken. */
export type Catalogue = {
  /** `null` when it knows no such product. */
  readonly find: (errand: Errand, id: string) => Promise<Result<RemoteProduct | null, Trouble>>;
  readonly set: (errand: Errand, setting: Setting) => Promise<Result<Set, Trouble>>;
};

const pathOf = (id: string): string => `/products/${encodeURIComponent(id)}`;

export const catalogueOf = ({ ask }: Client): Catalogue => ({
  find: async (errand, id) => {
    // A path of dots would lead elsewhere.
    if (/^\.+$/.test(id)) return ok(null);
    const said = await ask(errand, { path: pathOf(id), shape: Product, known: [404] });
    if (!said.ok) return said;
    const { value, etag } = said.value;
    return ok(value && { ...value, etag });
  },
  set: async (errand, { id, quantity, etag, key }) => {
    const put = { body: { quantity }, etag, key };
    const said = await ask(errand, { path: pathOf(id), shape: Product, known: [404, 409, 412], put });
    if (!said.ok) return said;
    const { status, doubted, value, etag: now } = said.value;
    if (status === 404) return ok({ state: 'gone', doubted, etag: now });
    if (status !== 200) return ok({ state: 'stale', doubted, etag: now });
    return value?.quantity === quantity
      ? ok({ state: 'done', doubted, etag: now })
      : err({ code: 'GARBAGE', detail: `PUT ${pathOf(id)}: another quantity than was set`, doubted: true });
  },
});
