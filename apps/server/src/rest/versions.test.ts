import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { families } from './mount.ts';
import { openApiOf } from './openapi.ts';
import { breaksOf, essenceOf } from './testing/breaks.ts';

const path = 'docs/openapi/v1-baseline.json';
const today: unknown = JSON.parse(JSON.stringify(openApiOf(families)));

/** The document as it was published; `BASELINE=1` publishes the one of today. */
function published(): Record<string, unknown> {
  if (process.env['BASELINE'] === '1') writeFileSync(path, `${JSON.stringify(essenceOf(today), null, 1)}\n`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

const limit = { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } };

/** A small document: a list with a filter, and a way to add to it. */
const small = (but: Record<string, unknown> = {}) => {
  const thing = {
    type: 'object',
    properties: { id: { type: 'string' }, state: { type: 'string', enum: ['new', 'done'] } },
    required: ['id', 'state'],
  };
  const given = {
    type: 'object',
    properties: { name: { type: 'string', maxLength: 9 }, kind: { type: 'string', enum: ['a', 'b'] } },
    required: ['name'],
  };
  const {
    thing: answered = thing,
    given: sent = given,
    parameters = [limit],
    security = [{ key: ['read'] }],
  } = but;
  const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });
  const { body = { required: false, ...json({ $ref: '#/components/schemas/Given' }) } } = but;
  const {
    responses = {
      200: {
        headers: { ETag: {} },
        ...json({ type: 'array', items: { $ref: '#/components/schemas/Thing' } }),
      },
    },
  } = but;
  const post = { operationId: 'add', parameters, security, requestBody: body, responses };
  const { paths = { '/things': { post } } } = but;
  return { paths, components: { schemas: { Thing: answered, Given: sent } } };
};
const properties = { id: { type: 'string' }, state: { type: 'string', enum: ['new', 'done'] } };
const named = { name: { type: 'string', maxLength: 9 }, kind: { type: 'string', enum: ['a', 'b'] } };
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });
const item = { $ref: '#/components/schemas/Thing' };

describe('version 1', () => {
  it('has lost nothing that a program may rely on since it was published', () => {
    expect(breaksOf(published(), Object(today))).toEqual([]);
  });
});

describe('what breaks a program', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['an operation that is gone', { paths: {} }, 'is gone'],
    ['a parameter that is gone', { parameters: [] }, 'the parameter query limit is gone'],
    [
      'a parameter that must be sent',
      {
        parameters: [limit, { name: 'q', in: 'query', required: true }],
      },
      'asks for the parameter query q',
    ],
    [
      'a limit that is tighter',
      { parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', maximum: 50 } }] },
      'query limit: maximum is tighter',
    ],
    ['another scope', { security: [{ key: ['read', 'write'] }] }, 'asks for another credential'],
    [
      'a body that must be sent',
      { body: { required: true, ...json({ $ref: '#/components/schemas/Given' }) } },
      'asks for a body',
    ],
    [
      'a field that must be sent',
      { given: { type: 'object', properties: named, required: ['name', 'kind'] } },
      'body: .kind must be sent',
    ],
    [
      'a field that cannot be sent',
      { given: { type: 'object', properties: { name: named.name }, required: ['name'] } },
      'body: .kind is gone',
    ],
    [
      'fewer values',
      { given: { type: 'object', properties: { ...named, kind: { type: 'string', enum: ['a'] } } } },
      'body: .kind takes fewer values',
    ],
    [
      'a shorter text',
      { given: { type: 'object', properties: { ...named, name: { type: 'string', maxLength: 8 } } } },
      'body: .name: maxLength is tighter',
    ],
    ['an answer that is gone', { responses: {} }, '200 is gone'],
    [
      'a header that is gone',
      { responses: { 200: json({ type: 'array', items: item }) } },
      '200: the header ETag is gone',
    ],
    [
      'a field of an answer that is gone',
      { thing: { type: 'object', properties: { id: properties.id }, required: ['id'] } },
      '200: [].state is gone',
    ],
    [
      'a field that may be missing',
      { thing: { type: 'object', properties, required: ['id'] } },
      '200: [].state may be missing',
    ],
    [
      'a field that may be null',
      {
        thing: {
          type: 'object',
          properties: { ...properties, id: { type: ['string', 'null'] } },
          required: ['id', 'state'],
        },
      },
      '200: [].id was string, and is string or null',
    ],
    [
      'a choice that nobody expects',
      {
        thing: {
          type: 'object',
          properties: { ...properties, id: { anyOf: [{ type: 'string' }, { type: 'integer' }] } },
          required: ['id', 'state'],
        },
      },
      '200: [].id: a choice does not fit any more',
    ],
  ])('is %s', (_, but, said) => {
    expect(breaksOf(small(), small(but)).join('; ')).toContain(`POST /things: ${said}`);
  });

  it('is nothing that is only added', () => {
    const more = small({
      parameters: [limit, { name: 'q', in: 'query', schema: { type: 'string' } }],
      security: [{ key: ['read'] }, { session: [] }],
      given: {
        type: 'object',
        properties: { ...named, kind: { type: ['string', 'null'] }, note: { type: 'string' } },
      },
      thing: {
        type: 'object',
        properties: {
          ...properties,
          state: { type: 'string', enum: ['new', 'done', 'gone'] },
          at: { type: 'string' },
        },
        required: ['id', 'state', 'at'],
      },
    });
    expect(breaksOf(small(), more)).toEqual([]);
    expect(breaksOf(Object(today), Object(essenceOf(today)))).toEqual([]);
  });
});
