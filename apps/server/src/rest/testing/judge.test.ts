import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { api } from '../api/family.ts';
import { families } from '../mount.ts';
import { openApiOf } from '../openapi.ts';
import { type Call, callsOf, Document } from './fuzz.ts';
import { type Got, judgeOf } from './judge.ts';

const document = Document.parse(JSON.parse(JSON.stringify(openApiOf(families))));
const judge = judgeOf(document);
const call: Call = {
  operation: 'getCart',
  method: 'GET',
  path: '/carts/1',
  headers: [],
  body: undefined,
  as: 0,
};
const headers = { 'content-type': 'application/json; charset=utf-8', 'x-request-id': 'a-request' };
const cart = { customer_id: 3, status: 'Active', items: [{ product_id: 1, quantity: 2 }] };
const good: Got = { status: 200, headers, text: JSON.stringify(cart) };
const no = (text: string) => ({ ...good, status: 404, text });

describe('an answer', () => {
  it('that is documented is good', () => {
    expect(judge(call, good)).toEqual([]);
  });

  it.each<[string, Got]>([
    ['is a failure', { ...good, status: 500 }],
    ['is of a status that is not documented', { ...good, status: 418 }],
    ['has no X-Request-Id', { ...good, headers: { ...headers, 'x-request-id': undefined } }],
    ['is text/html', { ...good, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } }],
    ['is of no known type', { ...good, headers: { ...headers, 'content-type': 'application/json' } }],
    ['has another body', { ...good, text: '{"customer_id":3,"status":"Active"}' }],
    ['has another body', { ...good, text: JSON.stringify({ ...cart, tenant_id: 'shop-1' }) }],
    ['tells what is inside', no('{"error":"duplicate key violates orders_pkey"}')],
    ['tells what is inside', no('{"error":"select id from orders where id = 1"}')],
    ['tells what is inside', no('{"error":"TypeError: x\\n    at run (/app/src/bridge.ts:12:1)"}')],
    ['is not in the voice of the service family', no('{"status":"Customer not found."}')],
  ])('that %s is found', (wrong, got) => {
    expect(judge(call, got)).toContainEqual(expect.stringContaining(wrong));
  });

  it('for a path that is not there is refused', () => {
    expect(judge({ ...call, path: '/carts/1/2/3' }, good)).toContain('answers for a path that is not there');
    expect(judge({ ...call, path: '/api/v9' }, no('{}'))).toContain(
      `is not in the voice of the ${api.name} family`,
    );
  });
});

describe('the calls', () => {
  const drawn = fc.sample(
    callsOf(document, () => [], ['tenant_id']),
    { seed: 7, numRuns: 6_000 },
  );

  it('are of every operation, and the same for the same seed', () => {
    const operations = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(drawn.map(({ operation }) => operation))).toEqual(new Set([...operations, 'nothing']));
    const again = fc.sample(
      callsOf(document, () => [], ['tenant_id']),
      { seed: 7, numRuns: 5 },
    );
    expect(again).toEqual(drawn.slice(0, 5));
  });

  it('have bodies that are no JSON, that are too deep, too big, and of another shape', () => {
    const bodies = drawn.map(({ body = '' }) => body);
    for (const odd of [
      '{"a":1',
      '"tenant_id"',
      '__proto__',
      '\\u0000',
      '9007199254740992',
      '{"items":[{"items":[{',
    ])
      expect([odd, bodies.some((body) => body.includes(odd))]).toEqual([odd, true]);
    expect(bodies.some((body) => body.length > 1_000_000)).toBe(true);
  });
});
