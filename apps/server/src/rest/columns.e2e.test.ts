import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, startApp } from '../testing.ts';
import { filled, formsOf } from '../testing/access/forms.ts';
import type { Row } from './row.ts';
import { aHand, occasionFor } from './testing/occasions.ts';
import { documented, nothing } from './testing/seen.ts';

const app = await startApp();
const shop = await aShop(app, { stock: 10_000, balance: 10_000_000 });
const { tenantId } = shop.tenant;
const hand = aHand(app, shop.admin.token);

/** What the tables call their columns, and what the code calls them. */
const columns = [
  ...new Set(
    [...app.db.orm.getMetadata().getAll().values()].flatMap(({ properties }) =>
      Object.values(properties).flatMap(({ name, fieldNames }) => [name, ...fieldNames]),
    ),
  ),
];
/** What somebody would send who wants to pay less or to be more. */
const tempting =
  'unit_price unitPrice price total totalCents total_amount discount paid balance status payment_status ' +
  'role tenant_id tenantId version id granted scopes';
const rows = documented.flatMap(({ row }) =>
  row.body === null ? [] : [[`${row.method.toUpperCase()} ${row.path}`, row] as const],
);

/** Every way to put one more field into one of the objects of a body. */
function withField(body: unknown, field: string, value: unknown): unknown[] {
  if (typeof body !== 'object' || body === null) return [];
  const inner = Object.entries(body).flatMap(([key, part]) =>
    withField(part, field, value).map((other) =>
      Array.isArray(body) ? body.with(Number(key), other) : { ...body, [key]: other },
    ),
  );
  if (Array.isArray(body) || Object.hasOwn(body, field)) return inner;
  return [{ ...body, [field]: value }, ...inner];
}

const words = [
  1,
  '1',
  true,
  null,
  '25.00',
  'Shipped',
  nothing,
  [],
  ['orders:read_own'],
  '2026-01-01T00:00:00Z',
];

const known = new Map<z.ZodType, ReadonlySet<string>>();
/** The fields that a body is documented to have, at any depth. */
function fieldsOf(body: z.ZodType): ReadonlySet<string> {
  const found = known.get(body);
  if (found) return found;
  const text = JSON.stringify(z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }));
  const fields = new Set([...text.matchAll(/"(\w+)":\{/g)].map(([, name = '']) => name));
  known.set(body, fields);
  return fields;
}

/** Whether a row means something by this field just there: it is documented, and taken with some value. */
function isMeant({ body }: Row, other: unknown, field: string): boolean {
  if (!body || !fieldsOf(body).has(field)) return false;
  return words.some((word) => {
    const text = JSON.stringify(other).replaceAll(
      `"${field}":"tampered"`,
      `"${field}":${JSON.stringify(word)}`,
    );
    const { error } = body.safeParse(JSON.parse(text));
    return !error?.issues.some((issue) => issue.code === 'unrecognized_keys' && issue.keys.includes(field));
  });
}

async function eventsSoFar(): Promise<string | undefined> {
  const sql = 'select count(*) as count from events where tenant_id = $1';
  return (await app.db.pool.query<{ count: string }>(sql, [tenantId])).rows[0]?.count;
}

describe('a column of a table in a body (G11)', () => {
  it.each(rows)('of %s is refused by its grammar, or means something there', (_, row) => {
    const bodies = row.body
      ? formsOf(row.body, row.bodyExample).map((form) => filled(form, () => nothing))
      : [];
    for (const body of bodies) {
      expect(row.body?.safeParse(body).error).toBeUndefined();
      for (const column of columns)
        for (const other of withField(body, column, 'tampered'))
          expect([column, isMeant(row, other, column) || row.body?.safeParse(other).success]).toEqual([
            column,
            isMeant(row, other, column),
          ]);
    }
  });

  it.each(rows)('of %s is answered with 400 and changes nothing', async (_, row) => {
    const { path, body = {}, headers = {} } = await occasionFor(row.operationId, hand);
    const before = await eventsSoFar();
    for (const field of tempting.split(' '))
      for (const other of withField(body, field, 'tampered')) {
        const method = row.method.toUpperCase();
        const { status } = await call(app, path, { token: shop.admin.token, method, body: other, headers });
        expect([field, other, status]).toEqual([field, other, 400]);
      }
    expect(await eventsSoFar()).toBe(before);
  });
});

describe('a price that the client names', () => {
  const at = (unit_price: string) => ({ items: [{ product: 'MUG', quantity: 1, unit_price }] });

  it.each(['0', '0.00', '0.01', '24.99', '25.01', '2500', '250.00'])(
    'of %s is not the price',
    async (price) => {
      for (const { token } of [shop.customer, shop.staff]) {
        const { status, json } = await call(app, '/api/v1/orders/', { token, body: at(price) });
        expect([status, json]).toMatchObject([400, { details: { 'items.0.unit_price': expect.anything() } }]);
      }
    },
  );

  it.each(['-25.00', '+25', '25,00', '2.5e1', ' 25.00', '٢٥', '25.000000'])('%s is none', async (price) => {
    const { status } = await call(app, '/api/v1/orders/', { token: shop.admin.token, body: at(price) });
    expect(status).toBe(400);
  });

  it('is taken when it is the price', async () => {
    for (const { token } of [shop.customer, shop.staff])
      expect((await call(app, '/api/v1/orders/', { token, body: at('25.00') })).status).toBe(201);
  });

  it('does not confirm an order for less than it is worth', async () => {
    const id = await hand.drafted();
    await call(app, `/orders/${id}`, {
      token: shop.staff.token,
      method: 'PATCH',
      body: { products: [{ product_id: 'MUG', item_count: 1 }] },
    });
    for (const total of [0, 1, 2_499, 2_501]) {
      const { status, json } = await hand.confirm(id, total, 2);
      expect([total, status, json]).toMatchObject([total, 409, { code: 'total_mismatch' }]);
    }
    expect((await hand.confirm(id, 2_500, 2)).status).toBe(200);
  });
});
