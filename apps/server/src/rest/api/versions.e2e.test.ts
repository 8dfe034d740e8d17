import { describe, expect, it } from 'vitest';
import { type Answered, aShop, call, type CallOptions, startApp } from '../../testing.ts';
import type { Row } from '../row.ts';
import { aHand, fieldOf, occasionFor } from '../testing/occasions.ts';
import { nameless } from '../testing/vectors.ts';
import { api } from './family.ts';

const app = await startApp();
const { admin, customer } = await aShop(app, { stock: 10_000, balance: 10_000_000 });
const { token } = admin;
const hand = aHand(app, token);

// One thing at least in every list.
await hand.notified();
for (const name of ['createOrder', 'createPayment', 'createAddress', 'createToken', 'topUpCustomer']) {
  const { path, body } = await occasionFor(name, hand);
  await hand.ask(path, { body });
}

/** Three ways to ask for the newest version: in the path, not at all, in a header (S2-111, S2-112). */
const ways: readonly ((path: string, options: CallOptions) => Promise<Answered>)[] = [
  (path, options) => call(app, path, options),
  (path, options) => call(app, path.replace('/api/v1/', '/api/'), options),
  (path, { headers = {}, ...options }) =>
    call(app, path.replace('/api/v1/', '/api/'), {
      ...options,
      headers: { ...headers, Accept: 'application/vnd.api+json;version=1' },
    }),
];

/** The path of a row with the name of the newest thing in its place. */
async function pathOfThing({ path, query }: Row): Promise<string> {
  const order = query.shape['order_id'] === undefined ? '' : await newestOf('/api/v1/orders/');
  const [list = ''] = path.split(':id');
  const filled = path.includes(':id') ? path.replace(':id', await newestOf(list)) : path;
  return order === '' ? filled : `${filled}?order_id=${order}`;
}
const newestOf = async (list: string): Promise<string> => {
  const { json } = await hand.ask(`${list}?page_size=1`);
  return fieldOf({ json: Reflect.get(Object(json), 'results')?.[0] }, 'id');
};

const named = api.rows.map((row) => [`${row.method.toUpperCase()} ${row.path}`, row] as const);
const reading = named.filter(([, { method, streams }]) => method === 'get' && !streams);
const writing = named.filter(([, { method }]) => method !== 'get');

describe('without a version, and with version 1 in the header (wire test 27)', () => {
  it.each(reading)('%s answers what it answers with version 1 in its path', async (_, row) => {
    const path = await pathOfThing(row);
    const answers = await Promise.all(ways.map((ask) => ask(path, { token })));
    const [first, ...others] = answers.map(({ status, text, headers }) => ({
      status,
      text,
      etag: headers.get('etag'),
      version: headers.get('api-version'),
    }));
    expect(first).toMatchObject({ status: 200, version: '1.0' });
    for (const other of others) expect(other).toEqual(first);
  });

  it.each(writing)('%s does what it does with version 1 in its path', async (_, row) => {
    const answers: string[] = [];
    for (const ask of ways) {
      const { path, ...occasion } = await occasionFor(row.operationId, hand);
      const { status, json } = await ask(path, { token, method: row.method.toUpperCase(), ...occasion });
      expect(Object.keys(row.answers)).toContain(String(status));
      answers.push(`${status} ${Object.keys(Object(json)).join()}`);
    }
    expect(new Set(answers).size).toBe(1);
  });

  it('refuses in the same words', async () => {
    for (const path of ['/api/v1/orders/nothing/', '/api/v1/orders/?colour=red', '/api/v1/nothing/']) {
      const texts = await Promise.all(
        ways.map(async (ask) => {
          const { status, text } = await ask(path, { token: customer.token });
          return `${status} ${nameless(app.url, text).replaceAll('/api/v1/', '/api/')}`;
        }),
      );
      expect(new Set(texts).size).toBe(1);
    }
  });
});
