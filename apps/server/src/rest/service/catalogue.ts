import { priceToken } from '@orderloom/core';
import { CreateProduct, UpdateProduct } from '@orderloom/core/inputs';
import { z } from 'zod';
import type { CatalogueEntry } from '../../products/views.ts';
import { numberToken } from '../number-token.ts';
import { type Answer, type Reply, row, type Row } from '../row.ts';
import { minorOf, PathName } from '../wire.ts';

const ServiceProduct = z
  .strictObject({
    id: z.int().meta({ description: 'The product’s number.' }),
    sku: z.string(),
    name: z.string(),
    price: z.number(),
    quantity: z.int().meta({ description: 'What can still be sold.' }),
  })
  .meta({ id: 'ServiceProduct', description: 'A product that is for sale.' });

const Price = z.number().min(0).meta({ description: 'No more digits than the currency has: `25.00`.' });
const NewProduct = CreateProduct.pick({ name: true, sku: true, quantity: true })
  .extend({ price: Price })
  .meta({ id: 'ServiceNewProduct', description: 'A product to sell, and how many there are.' });
const ProductChange = UpdateProduct.pick({ name: true, quantity: true })
  .extend({ price: Price.optional() })
  .meta({ id: 'ServiceProductChange', description: 'Any of these; what is left out stays.' });

const OnePath = z.strictObject({
  id: PathName.meta({ description: 'The product’s number, UUID or SKU.', examples: ['1'] }),
});

type Shown = Pick<CatalogueEntry, 'ref' | 'sku' | 'name' | 'price' | 'currency' | 'available'>;
const shown = ({ ref, sku, name, price, currency, available }: Shown) => ({
  id: ref,
  sku,
  name,
  price: numberToken(priceToken(price, currency)),
  quantity: available,
});
const replyOne = (product: CatalogueEntry): Reply => ({
  status: 200,
  headers: { ETag: `"${product.version}"` },
  body: shown(product),
});

const example = { id: 1, sku: 'P-1', name: 'Product 1', price: numberToken('25.00'), quantity: 10 };
const versionHeader = { ETag: 'The product’s version, for If-Match: another one after each order.' };
const oneProduct = (description: string): Answer => ({
  description,
  schema: ServiceProduct,
  example,
  headers: versionHeader,
});
const tag = 'Catalogue';

/** The embedded catalogue (S3-17). */
export const catalogueRows: readonly Row[] = [
  row({
    method: 'get',
    path: '/products',
    operationId: 'listCatalogue',
    tag,
    summary: 'All products that are for sale',
    procedure: 'products.catalogue',
    trusted: true,
    request: () => undefined,
    reply: (products) => ({ status: 200, body: products.map(shown) }),
    answers: {
      200: { description: 'Products by number.', schema: z.array(ServiceProduct), example: [example] },
    },
    refusals: [],
  }),
  row({
    method: 'post',
    path: '/products',
    operationId: 'createCatalogueProduct',
    tag,
    summary: 'Add a product',
    description: 'Its SKU is `P-` and its number unless one is sent.',
    procedure: 'products.create',
    trusted: true,
    priced: true,
    body: NewProduct,
    bodyExample: { name: 'Teapot', price: 25, quantity: 10 },
    request: ({ body: { price, ...body }, currency }) => ({
      ...body,
      price: minorOf(String(price), currency, 'price'),
    }),
    reply: (product) => ({
      status: 201,
      headers: { Location: `/products/${product.ref}` },
      body: shown(product),
    }),
    answers: {
      201: {
        description: 'The product is for sale.',
        schema: ServiceProduct,
        example,
        headers: { Location: 'Where the product is.' },
      },
    },
    refusals: ['ALREADY_EXISTS'],
  }),
  row({
    method: 'get',
    path: '/products/:id',
    operationId: 'getCatalogueProduct',
    tag,
    summary: 'Get a product',
    procedure: 'products.onSale',
    trusted: true,
    params: OnePath,
    request: ({ params }) => params,
    reply: replyOne,
    answers: { 200: oneProduct('The product.') },
    refusals: ['PRODUCT_NOT_FOUND'],
  }),
  row({
    method: 'put',
    path: '/products/:id',
    operationId: 'updateCatalogueProduct',
    tag,
    summary: 'Change a product',
    description: '`quantity` sets what can be sold: the stock is adjusted, and what orders hold is kept.',
    procedure: 'products.update',
    trusted: true,
    versioned: true,
    priced: true,
    params: OnePath,
    body: ProductChange,
    bodyExample: { price: 25, quantity: 10 },
    readOnly: ['id', 'sku'],
    request: ({ params: { id }, body: { price, ...body }, version, currency }) => ({
      ...body,
      id,
      expectedVersion: version,
      price: price === undefined ? undefined : minorOf(String(price), currency, 'price'),
    }),
    reply: replyOne,
    answers: { 200: oneProduct('The product as it is now.') },
    refusals: ['PRODUCT_NOT_FOUND'],
  }),
  row({
    method: 'delete',
    path: '/products/:id',
    operationId: 'removeCatalogueProduct',
    tag,
    summary: 'Take a product off sale',
    description: 'Orders that hold it stay as they are.',
    procedure: 'products.remove',
    trusted: true,
    versioned: true,
    params: OnePath,
    request: ({ params: { id }, version }) => ({ id, expectedVersion: version }),
    reply: () => ({ status: 204, body: undefined }),
    answers: {
      204: { description: 'The product is no longer for sale.', schema: z.undefined(), example: undefined },
    },
    refusals: ['PRODUCT_NOT_FOUND'],
  }),
];
