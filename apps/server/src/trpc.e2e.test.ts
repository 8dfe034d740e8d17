import { describe, expect, it } from 'vitest';
import { aConsole, aShop, startApp } from './testing.ts';

const app = await startApp();
const { staff } = await aShop(app);
const browser = aConsole(app);
await browser.signIn(staff.email);

const refusal = (code: string) => ({ error: { data: { refusal: { code } } } });

describe('a call of the console', () => {
  it('is refused and not failed when somebody else was faster with a name', async () => {
    const mug = { name: 'Mug', price: 100, sku: 'MUG-2' };
    const answers = await Promise.all([1, 2, 3].map(() => browser.mutate('products.create', mug)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const beaten = answers.filter(({ status }) => status === 409);
    expect(beaten).toHaveLength(2);
    expect(beaten[0]?.json).toMatchObject({
      error: { data: { code: 'CONFLICT', refusal: { code: 'ALREADY_EXISTS', field: 'sku' } } },
    });
  });

  it('does not come with more than nine others', async () => {
    const eleven = Array.from({ length: 11 }, () => 'auth.me').join();
    const { status, text } = await browser.query(`${eleven}?batch=1&input={}`);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject(refusal('INVALID_INPUT'));
  });

  it.each(['\0', '\ud800', 'tea\udfff'])('names nothing and says nothing with %j', async (text) => {
    const items = [{ product: 1, quantity: 1 }];
    const answers = await Promise.all([
      browser.query('orders.get', { id: text }),
      browser.query('orders.list', { search: text }),
      browser.mutate('orders.place', { items, notes: text }),
      browser.mutate('orders.place', { items: [{ product: text, quantity: 1 }] }),
      browser.mutate('auth.signIn', { email: text, password: 'secret' }),
    ]);
    for (const { json } of answers) expect(json).toMatchObject(refusal('INVALID_INPUT'));
  });
});
