import { scopes } from '@orderloom/core';
import { CreateToken as NewToken } from '@orderloom/core/inputs';
import { tokensList } from '@orderloom/db';
import { z } from 'zod';
import type { NewTokenView, TokenView } from '../../users/views.ts';
import { row, type Row } from '../row.ts';
import { Time, Uuid } from '../wire.ts';
import { tokenExample } from './thing-examples.ts';
import { thing } from './thing.ts';

const TokenObject = z
  .strictObject({
    id: Uuid,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.enum(scopes)),
    expires_at: Time.nullable(),
    last_used_at: Time.nullable(),
    revoked_at: Time.nullable(),
    created_at: Time,
  })
  .meta({ id: 'Token', description: 'An API token, without the secret that makes it one.' });
const Shown = TokenObject.extend({ token: z.string() }).meta({
  id: 'NewToken',
  description: 'A new API token: `token` is in this answer and nowhere else.',
});

const tokenObject = (view: TokenView): z.output<typeof TokenObject> => ({
  id: view.id,
  name: view.name,
  prefix: view.prefix,
  scopes: view.scopes,
  expires_at: view.expiresAt,
  last_used_at: view.lastUsedAt,
  revoked_at: view.revokedAt,
  created_at: view.createdAt,
});

const common = {
  path: '/api/v1/tokens/',
  tag: 'Tokens',
  word: 'Token',
  spec: tokensList,
} as const;
const token = thing<TokenView>({
  ...common,
  id: 'Token',
  schema: TokenObject,
  example: tokenExample,
  write: tokenObject,
});
const shown = thing<NewTokenView>({
  ...common,
  id: 'NewToken',
  schema: Shown,
  example: { ...tokenExample, token: 'olm_live_4f2a…' },
  write: (view) => ({ ...tokenObject(view), token: view.token }),
});

const Create = z
  .strictObject({
    name: NewToken.shape.name,
    scopes: NewToken.shape.scopes.meta({ description: 'No more than you may yourself.' }),
    expires_at: z.iso
      .datetime({ offset: true })
      .nullish()
      .meta({ description: 'Left out, it is good until it is revoked.' }),
  })
  .meta({ id: 'CreateToken', description: 'A new API token for yourself.' });

const { params, list, tag } = token;
const readOnly = Object.keys(TokenObject.shape);

/** The API tokens of the api family. */
export const tokenRows: readonly Row[] = [
  row({
    method: 'get',
    path: token.path,
    operationId: 'listTokens',
    tag,
    summary: 'List API tokens',
    procedure: 'tokens.page',
    ...list,
    request: list.asked,
  }),
  row({
    method: 'post',
    path: token.path,
    operationId: 'createToken',
    tag,
    summary: 'Create an API token',
    procedure: 'tokens.create',
    body: Create,
    bodyExample: { name: 'ERP', scopes: ['orders:read_all'] },
    readOnly,
    request: ({ body: { expires_at: at, ...rest } }) => ({
      ...rest,
      expiresAt: at ? new Date(at).toISOString() : null,
    }),
    ...shown.creating,
    refusals: [],
  }),
  row({
    method: 'get',
    path: token.one,
    operationId: 'getToken',
    tag,
    summary: 'Get an API token',
    procedure: 'tokens.get',
    params,
    request: ({ params: { id } }) => ({ id }),
    ...token.answering('The token, without its secret.'),
    refusals: ['TOKEN_NOT_FOUND'],
  }),
  row({
    method: 'delete',
    path: token.one,
    operationId: 'revokeToken',
    tag,
    summary: 'Revoke an API token',
    description: 'It is worthless at once; a second time changes nothing.',
    procedure: 'tokens.revoke',
    params,
    request: ({ params: { id } }) => ({ id }),
    ...token.removing,
    refusals: ['TOKEN_NOT_FOUND'],
  }),
];
