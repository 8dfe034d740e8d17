import { formatMoney } from '@orderloom/core';
import {
  AdjustProduct,
  CreateProduct as NewProduct,
  Id,
  NewVariant,
  ReceiveProduct,
} from '@orderloom/core/inputs';
import { productsList } from '@orderloom/db';
import { z } from 'zod';
import type { ProductView } from '../../products/views.ts';
import { row, type Row, storedBy } from '../row.ts';
import { DecimalText, minorOf, Money, Name, Time, Uuid } from '../wire.ts';
import { productExample } from './thing-examples.ts';
import { thing } from './thing.ts';

const Variant = z.strictObject({
  id: Uuid,
  sku: z.string(),
  name: z.string(),
  options: z.record(z.string(), z.string()),
  price: Money,
  stock: z.int(),
});
const ProductObject = z
  .strictObject({
    id: Uuid,
    ref: z.int(),
    sku: z.string(),
    name: z.string(),
    store: Uuid,
    price: Money,
    currency: z.string(),
    stock: z.int().meta({ description: 'What can still be sold of all variants.' }),
    active: z.boolean(),
    variants: z.array(Variant).meta({ description: 'The first one is the default.' }),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: 'Product', description: 'A product with its variants.' });

const productObject = (product: ProductView): z.output<typeof ProductObject> => {
  const money = (amount: number) => formatMoney(amount, product.currency);
  return {
    id: product.id,
    ref: product.ref,
    sku: product.sku,
    name: product.name,
    store: product.store.id,
    price: money(product.price),
    currency: product.currency,
    stock: product.available,
    active: product.active,
    variants: product.variants.map(({ id, sku, name, options, price, available }) => ({
      id,
      sku,
      name,
      options,
      price: money(price),
      stock: available,
    })),
    created_at: product.createdAt,
    updated_at: product.updatedAt,
  };
};

const { sku, name } = NewProduct.shape;
const variant = { ...NewVariant.shape, price: DecimalText.nullish() };
const written = {
  name,
  sku,
  store: Name.nullish().meta({ description: 'UUID, number or slug; left out, the first store.' }),
  price: DecimalText,
  active: z.boolean().optional().meta({ description: 'Whether it is for sale; left out, it is.' }),
};
const Create = z
  .strictObject({ ...written, variants: z.array(z.strictObject(variant)).min(1).max(100).optional() })
  .meta({ id: 'CreateProduct', description: 'A new product; left out, its only variant bears its name.' });
const known = { ...variant, id: Id.optional(), stock: z.int().optional() };
const Put = Create.extend({
  variants: z.array(z.strictObject(known)).min(1).max(100).optional(),
}).meta({
  id: 'ReplaceProduct',
  description: 'A product as it shall be. No variant can be left out of them.',
});
const Patch = Put.partial().meta({ id: 'PatchProduct', description: 'What changes of a product.' });

type Words = Pick<z.output<typeof Patch>, 'variants' | 'store' | 'price'>;

/** What differs between the words of a body and those of the procedures. */
const wordsOf = ({ variants, store, price }: Words, currency: string) => ({
  store: store ?? undefined,
  price: price === undefined ? undefined : minorOf(price, currency, 'price'),
  variants: variants?.map(({ stock, price: own, ...one }, at) => ({
    ...one,
    ...(stock === undefined ? {} : { available: stock }),
    price: typeof own === 'string' ? minorOf(own, currency, `variants.${at}.price`) : own,
  })),
});

const product = thing<ProductView>({
  path: '/api/v1/products/',
  tag: 'Products',
  word: 'Product',
  named: '`id`, `ref` or `sku` (such as `MUG`)',
  id: 'Product',
  schema: ProductObject,
  example: productExample,
  write: productObject,
  spec: productsList,
  versionOf: ({ version }) => version,
});
const { params, list, tag } = product;
const readOnly = ['id', 'ref', 'currency', 'stock', 'created_at', 'updated_at'];
const body = { name: 'Mug', price: '29.99' };
const changing = ['PRODUCT_NOT_FOUND', 'REFERENCE_UNKNOWN', 'ALREADY_EXISTS'] as const;
const counting = [
  'PRODUCT_NOT_FOUND',
  'REFERENCE_UNKNOWN',
  'STOCK_BELOW_ZERO',
  'LOCATION_NOT_FOUND',
] as const;

/** The products of the api family. */
export const productRows: readonly Row[] = [
  row({
    method: 'get',
    path: product.path,
    operationId: 'listProducts',
    tag,
    summary: 'List products',
    procedure: 'products.page',
    ...list,
    request: list.asked,
  }),
  row({
    method: 'post',
    path: product.path,
    operationId: 'createProduct',
    tag,
    summary: 'Create a product',
    procedure: 'products.create',
    body: Create,
    bodyExample: body,
    priced: true,
    readOnly,
    request: ({ body: said, currency }) => ({
      ...said,
      ...wordsOf(said, currency),
      price: minorOf(said.price, currency, 'price'),
    }),
    ...product.creating,
    refusals: ['REFERENCE_UNKNOWN', 'ALREADY_EXISTS'],
  }),
  row({
    method: 'get',
    path: product.one,
    operationId: 'getProduct',
    tag,
    summary: 'Get a product',
    procedure: 'products.get',
    params,
    request: ({ params: { id } }) => ({ id }),
    ...product.answering('The product.'),
    refusals: ['PRODUCT_NOT_FOUND'],
  }),
  row({
    method: 'put',
    path: product.one,
    operationId: 'replaceProduct',
    tag,
    summary: 'Replace a product',
    description: 'What is left out is again as in a new product; its variants stay when they are left out.',
    procedure: 'products.edit',
    params,
    body: Put,
    bodyExample: body,
    priced: true,
    versioned: true,
    readOnly,
    stored: storedBy('products.get', productObject),
    request: ({ params: { id }, version, body: said, currency }) => {
      const { sku: word = null, active = true, store = null } = said;
      const given = { ...said, ...wordsOf(said, currency), sku: word, active, store };
      return { id, expectedVersion: version, ...given };
    },
    ...product.answering('The product as it is now.'),
    refusals: changing,
  }),
  row({
    method: 'patch',
    path: product.one,
    operationId: 'patchProduct',
    tag,
    summary: 'Change a product',
    procedure: 'products.edit',
    params,
    body: Patch,
    bodyExample: { price: '27.50' },
    priced: true,
    versioned: true,
    readOnly,
    request: ({ params: { id }, version, body: said, currency }) => ({
      id,
      expectedVersion: version,
      ...said,
      ...wordsOf(said, currency),
    }),
    ...product.answering('The product as it is now.'),
    refusals: changing,
  }),
  row({
    method: 'delete',
    path: product.one,
    operationId: 'deleteProduct',
    tag,
    summary: 'Take a product off sale',
    description: 'It can be ordered no more. Orders that hold it stay, and it can be found, not `active`.',
    procedure: 'products.edit',
    params,
    versioned: true,
    request: ({ params: { id }, version }) => ({ id, expectedVersion: version, active: false }),
    ...product.removing,
    refusals: changing,
  }),
  row({
    method: 'post',
    path: '/api/v1/products/:id/receive/',
    operationId: 'receiveProduct',
    tag,
    summary: 'Receive goods',
    procedure: 'stock.receiveProduct',
    params,
    body: ReceiveProduct.omit({ id: true }).meta({ id: 'ReceiveGoods', description: 'Goods that arrived.' }),
    bodyExample: { quantity: 10 },
    request: ({ params: { id }, body: said }) => ({ id, ...said }),
    ...product.answering('The product with its stock.'),
    refusals: counting,
  }),
  row({
    method: 'post',
    path: '/api/v1/products/:id/adjust/',
    operationId: 'adjustProduct',
    tag,
    summary: 'Correct a count',
    description: '`quantity` is signed. Nothing that is promised to orders can be taken away.',
    procedure: 'stock.adjustProduct',
    params,
    body: AdjustProduct.omit({ id: true }).meta({
      id: 'AdjustStock',
      description: 'A count that was wrong.',
    }),
    bodyExample: { quantity: -1, reason: 'broken' },
    request: ({ params: { id }, body: said }) => ({ id, ...said }),
    ...product.answering('The product with its stock.'),
    refusals: counting,
  }),
];
