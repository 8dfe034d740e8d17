import { describe, expect, it } from 'vitest';
import { aShop, procedures, refusalFrom, startApp } from '../testing.ts';

const app = await startApp();

/** A shop of its own for each story, so that they never meet. */
async function shop(options: Parameters<typeof aShop>[1] = { stock: 100, price: 2_500, balance: 1_000_000 }) {
  const { tenant, ...users } = await aShop(app, options);
  const [staff, customer, admin] = await Promise.all([
    procedures(app, users.staff),
    procedures(app, users.customer),
    procedures(app, users.admin),
  ]);
  const stock = async () => (await staff.products.get({ id: '1' })).variants[0];
  return { tenant, staff, customer, admin, stock };
}

const one = { items: [{ product: 1, quantity: 1 }] };

describe('placing an order', () => {
  it('prices it by the catalogue and reserves its pieces', async () => {
    const { staff, stock } = await shop();
    const order = await staff.orders.place({ ...one, customer: 1, items: [{ product: 1, quantity: 3 }] });
    expect(order).toMatchObject({ status: 'PENDING', subtotal: 7_500, paymentStatus: 'unpaid', version: 1 });
    expect(order.number).toMatch(/^ORD-\d{8}-0001$/);
    expect(await stock()).toMatchObject({ onHand: 100, reserved: 3, available: 97 });
  });

  it('pays from the balance and confirms in one step when asked to', async () => {
    const { customer } = await shop();
    const order = await customer.orders.place({ ...one, settle: 'balance' });
    expect(order).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'paid', paid: 2_500, version: 1 });
    expect((await customer.customers.get({ id: '1' })).balance).toBe(1_000_000 - 2_500);
  });

  it('counts lines of one product together and says what is available', async () => {
    const { staff } = await shop({ stock: 5, price: 100 });
    const twice = { items: [3, 3].map((quantity) => ({ product: 1, quantity })) };
    expect(await refusalFrom(staff.orders.place(twice))).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      shortages: [{ line: 0, requested: 6, available: 5 }],
    });
  });

  it('names what is not there', async () => {
    const { staff } = await shop();
    expect(
      await refusalFrom(staff.orders.place({ items: [{ product: 'NOPE', quantity: 1 }] })),
    ).toMatchObject({
      code: 'PRODUCT_UNKNOWN',
      line: 0,
    });
    expect(await refusalFrom(staff.orders.place({ ...one, customer: 99 }))).toMatchObject({
      code: 'REFERENCE_UNKNOWN',
      field: 'customer',
    });
    expect(await refusalFrom(staff.orders.place({ ...one, shippingMethod: 'rocket' }))).toMatchObject({
      code: 'SHIPPING_METHOD_UNKNOWN',
    });
  });

  it('takes the price from nobody but the catalogue', async () => {
    const { customer, admin } = await shop();
    const cheap = { items: [{ product: 1, quantity: 1, unitPrice: 1 }] };
    expect(await refusalFrom(customer.orders.place(cheap))).toMatchObject({
      code: 'PRICE_MISMATCH',
      price: 2_500,
    });
    expect((await admin.orders.place(cheap)).subtotal).toBe(1);
  });

  it('refuses one of many without touching its neighbours', async () => {
    const { staff, stock } = await shop({ stock: 10, price: 100 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        refusalFrom(staff.orders.place(at % 2 === 0 ? one : { items: [{ product: 'NOPE', quantity: 1 }] })),
      ),
    );
    expect(answers.filter((answer) => answer === 'went well')).toHaveLength(10);
    expect(await stock()).toMatchObject({ reserved: 10, available: 0 });
  });
});

describe('a customer', () => {
  it('sees and touches only its own orders', async () => {
    const { staff, customer } = await shop();
    const foreign = await staff.orders.place(one);
    const own = await customer.orders.place(one);
    expect((await customer.orders.list({})).items.map(({ id }) => id)).toEqual([own.id]);
    expect(await refusalFrom(customer.orders.get({ id: foreign.id }))).toMatchObject({
      code: 'ORDER_NOT_FOUND',
    });
    expect(
      await refusalFrom(customer.orders.change({ id: foreign.id, command: { type: 'cancelOrder' } })),
    ).toMatchObject({ code: 'ORDER_NOT_FOUND' });
    expect(await refusalFrom(customer.customers.topUp({ id: 1, amount: 1, reason: 'Gift' }))).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('cancels before it ships, and leaves confirming to the staff', async () => {
    const { staff, customer, stock } = await shop();
    const { id } = await customer.orders.place(one);
    expect(
      await refusalFrom(customer.orders.change({ id, command: { type: 'confirmOrder' } })),
    ).toMatchObject({
      code: 'FORBIDDEN',
      scope: 'orders:update_all',
    });
    const gone = await customer.orders.place(one);
    await staff.orders.change({ id: gone.id, command: { type: 'confirmOrder' } });
    await staff.orders.change({ id: gone.id, command: { type: 'shipOrder' } });
    expect(
      await refusalFrom(customer.orders.change({ id: gone.id, command: { type: 'cancelOrder' } })),
    ).toMatchObject({ code: 'CANCEL_AFTER_SHIPPING' });
    await customer.orders.change({ id, command: { type: 'cancelOrder' } });
    expect(await stock()).toMatchObject({ onHand: 99, reserved: 0 });
  });
});

describe('changing an order', () => {
  it('goes from placed to delivered, one version a command, each told in the timeline', async () => {
    const { staff } = await shop();
    const { number } = await staff.orders.place({ ...one, customer: 1 });
    const id = number ?? '';
    for (const type of [
      'confirmOrder',
      'startProcessing',
      'shipOrder',
      'markOutForDelivery',
      'deliverOrder',
    ] as const)
      await staff.orders.change({ id, command: { type } });
    const order = await staff.orders.get({ id: id.toLowerCase() });
    expect(order).toMatchObject({ status: 'DELIVERED', fulfillmentStatus: 'delivered', version: 6 });
    expect((await staff.orders.timeline({ id })).map(({ type, actor }) => [type, actor])).toEqual(
      ['delivered', 'out_for_delivery', 'shipped', 'processing', 'confirmed', 'placed'].map((word) => [
        `order.${word}`,
        'staff',
      ]),
    );
  });

  it('tells whoever looked at an older version', async () => {
    const { staff } = await shop();
    const { id } = await staff.orders.place(one);
    await staff.orders.change({ id, expectedVersion: 1, command: { type: 'confirmOrder' } });
    expect(
      await refusalFrom(staff.orders.change({ id, expectedVersion: 1, command: { type: 'shipOrder' } })),
    ).toMatchObject({
      code: 'VERSION_CONFLICT',
      currentVersion: 2,
      changedFields: ['confirmedAt', 'status'],
    });
  });

  it('cancels once under twenty parallel calls, and restocks once', async () => {
    const { staff, stock } = await shop();
    const { id } = await staff.orders.place({ items: [{ product: 1, quantity: 4 }] });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        refusalFrom(staff.orders.change({ id, command: { type: 'cancelOrder' } })),
      ),
    );
    expect(answers.filter((answer) => answer === 'went well')).toHaveLength(1);
    expect(await stock()).toMatchObject({ onHand: 100, reserved: 0, available: 100 });
  });
});

describe('paying', () => {
  it('is recorded by staff when cash is handed over, and given back in parts', async () => {
    const { staff, customer } = await shop();
    const { id } = await customer.orders.place({ ...one, paymentMethod: 'cash' });
    const cash = { order: id, method: 'cash', process: true } as const;
    expect(await refusalFrom(customer.payments.create(cash))).toMatchObject({ code: 'FORBIDDEN' });
    const paid = await staff.payments.create(cash);
    expect(paid).toMatchObject({ paymentStatus: 'paid', paid: 2_500, openAmount: 0 });
    const [payment] = paid.payments;
    const part = await staff.payments.refund({ id: payment?.id ?? '', amount: 1_000, reason: 'Goodwill' });
    expect(part).toMatchObject({ paymentStatus: 'partially_refunded', refunded: 1_000 });
    expect(
      await refusalFrom(staff.payments.refund({ id: payment?.id ?? '', amount: 1_501, reason: 'Too much' })),
    ).toEqual({ code: 'REFUND_EXCEEDS_CAPTURED', refundable: 1_500 });
  });

  it('takes a balance no further than it goes, whoever asks at once', async () => {
    const { customer } = await shop({ stock: 100, price: 1_000, balance: 3_000 });
    const orders = await Promise.all(Array.from({ length: 6 }, () => customer.orders.place(one)));
    const answers = await Promise.all(
      orders.map(({ id: order }) =>
        refusalFrom(customer.payments.create({ order, method: 'balance', process: true })),
      ),
    );
    expect(answers.filter((answer) => answer === 'went well')).toHaveLength(3);
    expect((await customer.customers.get({ id: 1 })).balance).toBe(0);
  });

  it('by card is refused while there is no gateway', async () => {
    const { customer } = await shop();
    const { id: order } = await customer.orders.place(one);
    const { payments } = await customer.payments.create({ order, method: 'credit_card' });
    expect(await refusalFrom(customer.payments.process({ id: payments[0]?.id ?? '' }))).toMatchObject({
      code: 'PAYMENT_METHOD_UNAVAILABLE',
    });
  });
});

describe('the list of orders', () => {
  it('gives every order exactly once while new ones come in, and no page to a foreign cursor', async () => {
    const { staff, customer } = await shop();
    const placed = await Promise.all(Array.from({ length: 25 }, () => staff.orders.place(one)));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof staff.orders.list>> = await staff.orders.list({
        limit: 4,
        cursor,
      });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
      await staff.orders.place(one);
    } while (cursor);
    expect([...seen].sort()).toEqual(placed.map(({ id }) => id).sort());

    const { nextCursor } = await staff.orders.list({ limit: 4 });
    const stolen = nextCursor ?? undefined;
    const bent = stolen?.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    const refused = await Promise.all(
      [
        staff.orders.list({ cursor: stolen, status: ['PENDING'] }),
        customer.orders.list({ cursor: stolen }),
        staff.orders.list({ cursor: bent }),
        staff.orders.list({ cursor: `${stolen}.more` }),
        staff.orders.list({ cursor: 'rubbish' }),
      ].map(refusalFrom),
    );
    for (const refusal of refused) expect(refusal).toEqual({ code: 'INVALID_CURSOR' });
  });

  it('narrows to the three statuses and finds by number and customer', async () => {
    const { staff, customer } = await shop();
    await customer.orders.place({ ...one, settle: 'balance' });
    const { number } = await staff.orders.place(one);
    const found = async (input: Parameters<typeof staff.orders.list>[0]) =>
      (await staff.orders.list(input)).items.length;
    expect(await found({ status: ['CONFIRMED'] })).toBe(1);
    expect(await found({ paymentStatus: ['unpaid'], status: ['PENDING', 'DRAFT'] })).toBe(1);
    expect(await found({ fulfillmentStatus: ['shipped'] })).toBe(0);
    expect(await found({ search: number ?? '' })).toBe(1);
    expect(await found({ search: '100%_' })).toBe(0);
    expect(await found({ customer: 1 })).toBe(1);
    expect(await found({ customer: 404 })).toBe(0);
  });
});
