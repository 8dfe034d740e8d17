import { createServer } from 'node:http';
import express from 'express';
import { afterAll, describe, expect, it } from 'vitest';
import { edge } from '../request.ts';
import { aShop, call, startApp } from '../testing.ts';
import { api } from './api/family.ts';
import { serve } from './bridge.ts';
import { openApiOf } from './openapi.ts';
import type { Row } from './row.ts';

const app = await startApp();
const shop = await aShop(app);
const list = api.rows.find(({ operationId }) => operationId === 'listOrders');
if (!list) throw new Error('there is no list of orders');
const deprecated = {
  since: '2026-01-15T10:00:00.000Z',
  sunset: '2027-01-15T10:00:00.000Z',
  instead: '/api/v2/orders/',
};
const old: Row = { ...list, path: '/old/', deprecated };

const site = express();
site.use(edge(app.parts.log, () => '2026-11-21T09:00:00.000Z'));
site.get('/old', serve({ parts: app.parts, family: api, kinds: [old] }));
const server = createServer(site).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
afterAll(() => server.close());
const address = server.address();
const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;

describe('an operation on its way out', () => {
  it('says so, until when, and what takes its place, on every answer', async () => {
    for (let orders = 0; orders < 2; orders += 1)
      await call(app, '/api/v1/orders/', {
        token: shop.staff.token,
        body: { items: [{ product: 1, quantity: 1 }] },
      });
    const { token } = shop.staff;
    const good = await call({ url }, '/old?page_size=1', { token });
    const refused = await call({ url }, '/old');
    expect([good.status, refused.status]).toEqual([200, 401]);
    for (const { headers } of [good, refused]) {
      expect(headers.get('deprecation')).toBe('@1768471200');
      expect(headers.get('sunset')).toBe('Fri, 15 Jan 2027 10:00:00 GMT');
      expect(headers.get('link')).toContain('</api/v2/orders/>; rel="successor-version"');
    }
    expect(good.headers.get('link')).toMatch(/rel="next", .*rel="deprecation"$/);
    const lists = await call(app, '/api/v1/orders/', { token });
    expect(lists.headers.get('deprecation')).toBeNull();
  });

  it('is documented as such', () => {
    const document = JSON.stringify(openApiOf([{ ...api, rows: [old] }]));
    expect(document).toContain('"deprecated":true');
    expect(document).toContain(
      'Deprecated since 2026-01-15: use `/api/v2/orders/`. It will be gone on 2027-01-15.',
    );
    expect(document).toContain('"Sunset":{"description":"When it will be gone');
  });
});
