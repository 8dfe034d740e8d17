import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aShop, call, startApp, type TestUser } from './testing.ts';

const app = await startApp();
const [here, there] = await Promise.all([aShop(app, { stock: 100 }), aShop(app, { stock: 100 })]);
const Slice = z.object({ nextCursor: z.string() });
const Listed = z.object({ next: z.string() });

async function fourOrders({ token }: TestUser): Promise<void> {
  const body = { items: [{ product_id: 1, quantity: 1 }] };
  for (let count = 0; count < 4; count += 1) await call(app, '/orders/1', { token, body });
}
await Promise.all([fourOrders(here.staff), fourOrders(there.staff)]);

const inService = async ({ token }: TestUser): Promise<string> =>
  Slice.parse((await call(app, '/orders?limit=2', { token })).json).nextCursor;
const inApi = async ({ token }: TestUser, query = ''): Promise<string> => {
  const { next } = Listed.parse(
    (await call(app, `/api/v1/orders/?page_size=2&cursor=${query}`, { token })).json,
  );
  return new URL(next).searchParams.get('cursor') ?? '';
};

const { token } = here.staff;
const asked = (path: string, cursor: string) =>
  call(app, `${path}${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`, { token });

describe('a cursor over HTTP', () => {
  it('leads on in its own list', async () => {
    expect((await asked('/orders', await inService(here.staff))).status).toBe(200);
    expect((await asked('/api/v1/orders/', await inApi(here.staff))).status).toBe(200);
  });

  it('is refused wherever it was altered', async () => {
    const cursor = await inService(here.staff);
    const altered = Array.from({ length: 40 }, (_, turn) => {
      const at = Math.floor((turn * cursor.length) / 40);
      return cursor.slice(0, at) + String.fromCodePoint(cursor.charCodeAt(at) ^ 1) + cursor.slice(at + 1);
    });
    for (const one of [...altered, '', 'x', 'null', cursor.repeat(3), '\u0000', '9'.repeat(900)])
      expect(await asked('/orders', one)).toMatchObject({ status: 400, json: { code: 'invalid_cursor' } });
  });

  it('of somebody or something else is refused', async () => {
    const foreign = [
      ['/orders', await inService(there.staff)],
      ['/orders', await inService(here.customer)],
      ['/orders', await inApi(here.staff)],
      ['/api/v1/orders/', await inService(here.staff)],
      ['/api/v1/orders/', await inApi(here.staff, '&status=pending')],
      ['/api/v1/orders/?status=pending', await inApi(here.staff)],
    ] as const;
    for (const [path, cursor] of foreign) {
      const answer = await asked(path, cursor);
      expect([path, answer.status]).toEqual([path, 400]);
      expect(answer.text).toContain('invalid_cursor');
    }
  });
});
