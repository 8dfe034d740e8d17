import { CreateStore as NewStore } from '@orderloom/core/inputs';
import { storesList } from '@orderloom/db';
import { z } from 'zod';
import type { StoreView } from '../../stores/views.ts';
import { row, type Row } from '../row.ts';
import { Time, Uuid } from '../wire.ts';
import { storeExample } from './thing-examples.ts';
import { thing } from './thing.ts';

const StoreObject = z
  .strictObject({
    id: Uuid,
    ref: z.int(),
    slug: z.string(),
    name: z.string(),
    active: z.boolean(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: 'Store', description: 'A store; while it is not active, nothing of it is sold.' });

const store = thing<StoreView>({
  path: '/api/v1/stores/',
  tag: 'Stores',
  word: 'Store',
  named: '`id`, `ref` or `slug`',
  id: 'Store',
  schema: StoreObject,
  example: storeExample,
  write: (view): z.output<typeof StoreObject> => ({
    id: view.id,
    ref: view.ref,
    slug: view.slug,
    name: view.name,
    active: view.active,
    created_at: view.createdAt,
    updated_at: view.updatedAt,
  }),
  spec: storesList,
  versionOf: ({ version }) => version,
});

const { name, slug } = NewStore.shape;
const active = z.boolean().optional().meta({ description: 'Left out of a new one, it is.' });
const Create = z
  .strictObject({
    name,
    slug: slug.meta({ description: 'A word of your own; left out, store- and the number.' }),
    active,
  })
  .meta({ id: 'CreateStore', description: 'A new store.' });
const Patch = Create.partial().meta({ id: 'PatchStore', description: 'What changes of a store.' });

const { params, list, tag } = store;
const readOnly = ['id', 'ref', 'created_at', 'updated_at'];

/** The stores of the api family. */
export const storeRows: readonly Row[] = [
  row({
    method: 'get',
    path: store.path,
    operationId: 'listStores',
    tag,
    summary: 'List stores',
    procedure: 'stores.page',
    ...list,
    request: list.asked,
  }),
  row({
    method: 'post',
    path: store.path,
    operationId: 'createStore',
    tag,
    summary: 'Create a store',
    procedure: 'stores.create',
    body: Create,
    bodyExample: { name: 'Garden shed' },
    readOnly,
    request: ({ body }) => body,
    ...store.creating,
    refusals: ['ALREADY_EXISTS'],
  }),
  row({
    method: 'get',
    path: store.one,
    operationId: 'getStore',
    tag,
    summary: 'Get a store',
    procedure: 'stores.get',
    params,
    request: ({ params: { id } }) => ({ id }),
    ...store.answering('The store.'),
    refusals: ['STORE_NOT_FOUND'],
  }),
  row({
    method: 'patch',
    path: store.one,
    operationId: 'patchStore',
    tag,
    summary: 'Change, close or open a store',
    procedure: 'stores.edit',
    params,
    body: Patch,
    bodyExample: { name: 'Garden house' },
    versioned: true,
    readOnly,
    request: ({ params: { id }, version, body }) => ({ id, expectedVersion: version, ...body }),
    ...store.answering('The store as it is now.'),
    refusals: ['STORE_NOT_FOUND', 'ALREADY_EXISTS'],
  }),
];
