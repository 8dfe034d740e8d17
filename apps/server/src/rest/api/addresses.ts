import { CreateAddress as NewAddress } from '@orderloom/core/inputs';
import { addressesList } from '@orderloom/db';
import { z } from 'zod';
import type { BookAddressView } from '../../addresses/views.ts';
import { row, type Row, storedBy } from '../row.ts';
import { Name, Time, Uuid } from '../wire.ts';
import { addressExample } from './thing-examples.ts';
import { thing } from './thing.ts';

const AddressObject = z
  .strictObject({
    id: Uuid,
    customer_id: z.string().nullable(),
    name: z.string(),
    line1: z.string(),
    line2: z.string().nullable(),
    city: z.string(),
    region: z.string().nullable(),
    postcode: z.string(),
    country: z.string(),
    phone: z.string().nullable(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: 'Address', description: 'An address of the address book.' });

const addressObject = (view: BookAddressView): z.output<typeof AddressObject> => {
  const { id, customer, version: _, createdAt, updatedAt, ...where } = view;
  return { id, customer_id: customer?.code ?? null, ...where, created_at: createdAt, updated_at: updatedAt };
};

const address = thing<BookAddressView>({
  path: '/api/v1/addresses/',
  tag: 'Addresses',
  word: 'Address',
  id: 'Address',
  schema: AddressObject,
  example: addressExample,
  write: addressObject,
  spec: addressesList,
  versionOf: ({ version }) => version,
});

const { customer: whose, line2, region, phone, ...needed } = NewAddress.shape;
const Put = z
  .strictObject({
    ...needed,
    line2: line2.default(null),
    region: region.default(null),
    phone: phone.default(null),
  })
  .meta({ id: 'ReplaceAddress', description: 'An address as it shall be.' });
const Create = Put.extend({
  customer_id: Name.nullish().meta({ description: 'Code, number or UUID; left out, the caller’s own.' }),
}).meta({ id: 'CreateAddress', description: 'A new address.' });
const Patch = z
  .strictObject({ ...needed, line2, region, phone })
  .partial()
  .meta({ id: 'PatchAddress', description: 'What changes of an address.' });

const { params, list, tag } = address;
const readOnly = ['id', 'customer_id', 'created_at', 'updated_at'];
const body = {
  name: 'Jane Roe',
  line1: '1 Main St',
  city: 'Springfield',
  region: 'IL',
  postcode: '62701',
  country: 'US',
};

/** The addresses of the api family. */
export const addressRows: readonly Row[] = [
  row({
    method: 'get',
    path: address.path,
    operationId: 'listAddresses',
    tag,
    summary: 'List addresses',
    description: 'A customer’s token sees that customer’s own.',
    procedure: 'addresses.page',
    ...list,
    request: list.asked,
  }),
  row({
    method: 'post',
    path: address.path,
    operationId: 'createAddress',
    tag,
    summary: 'Create an address',
    procedure: 'addresses.create',
    body: Create,
    bodyExample: body,
    readOnly,
    request: ({ body: { customer_id: customer, ...rest } }) => ({ ...rest, customer: customer ?? undefined }),
    ...address.creating,
    refusals: ['REFERENCE_UNKNOWN'],
  }),
  row({
    method: 'get',
    path: address.one,
    operationId: 'getAddress',
    tag,
    summary: 'Get an address',
    procedure: 'addresses.get',
    params,
    request: ({ params: { id } }) => ({ id }),
    ...address.answering('The address.'),
    refusals: ['ADDRESS_NOT_FOUND'],
  }),
  row({
    method: 'put',
    path: address.one,
    operationId: 'replaceAddress',
    tag,
    summary: 'Replace an address',
    description: 'Orders keep the address that they were given.',
    procedure: 'addresses.edit',
    params,
    body: Put,
    bodyExample: body,
    versioned: true,
    readOnly,
    stored: storedBy('addresses.get', addressObject),
    request: ({ params: { id }, version, body: said }) => ({ id, expectedVersion: version, ...said }),
    ...address.answering('The address as it is now.'),
    refusals: ['ADDRESS_NOT_FOUND'],
  }),
  row({
    method: 'patch',
    path: address.one,
    operationId: 'patchAddress',
    tag,
    summary: 'Change an address',
    description: 'Orders keep the address that they were given.',
    procedure: 'addresses.edit',
    params,
    body: Patch,
    bodyExample: { phone: '+1 555 0100' },
    versioned: true,
    readOnly,
    request: ({ params: { id }, version, body: said }) => ({ id, expectedVersion: version, ...said }),
    ...address.answering('The address as it is now.'),
    refusals: ['ADDRESS_NOT_FOUND'],
  }),
  row({
    method: 'delete',
    path: address.one,
    operationId: 'deleteAddress',
    tag,
    summary: 'Delete an address',
    description: 'Orders keep the address that they were given.',
    procedure: 'addresses.remove',
    params,
    versioned: true,
    request: ({ params: { id }, version }) => ({ id, expectedVersion: version }),
    ...address.removing,
    refusals: ['ADDRESS_NOT_FOUND'],
  }),
];
