import { setTimeout as sleep } from 'node:timers/promises';
import { check } from '@orderloom/db';
import { freshDatabase, raceUntil, type TestDatabase } from '@orderloom/db/testing';
import { describe, expect, it } from 'vitest';
import { type Chance, chance } from './demo/chance.ts';
import { aShop, call, type TestUser } from './testing.ts';
import { aServer } from './testing/process.ts';

// A minute on demand: BANK_SECONDS=60.
const seconds = Number(process.env['BANK_SECONDS'] ?? 8);
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const [workers, readers, price] = [16, 4, 2_500];

const guarded = await freshDatabase();
const bare = await freshDatabase({ checked: false });
await bare.pool.query('alter table accounts drop constraint accounts_floor');

type Bank = {
  readonly db: TestDatabase;
  readonly urls: readonly [string, string];
  readonly staff: TestUser;
  readonly customers: readonly [string, ...string[]];
};

/** Three customers who are nearly always short of money, at two servers. */
async function open(db: TestDatabase, defenceOff: readonly 'balance'[]): Promise<Bank> {
  const { admin } = await aShop({ db }, { stock: 1_000_000, price, balance: 3 * price });
  const [one, two] = await Promise.all([aServer(db.url, { defenceOff }), aServer(db.url, { defenceOff })]);
  const others = ['jim', 'ann'].map(async (name) => {
    const body = { name, email: `${name}@example.com` };
    const made = await call(one, '/api/v1/customers/', { token: admin.token, body });
    expect([made.status, made.text]).toEqual([201, expect.anything()]);
    return String(Reflect.get(Object(made.json), 'id'));
  });
  return { db, urls: [one.url, two.url], staff: admin, customers: ['CUST1', ...(await Promise.all(others))] };
}

/** What every single state of the books must have none of; one statement sees one state. */
const wrongs = `
  select
    (select count(*)::int from (
      select from postings where tenant_id = $1 group by currency having sum(amount_minor) <> 0) c) as uneven,
    (select count(*)::int from accounts a
      left join (
        select account, currency, sum(amount_minor) as posted from postings where tenant_id = $1 group by 1, 2
      ) p on p.account = 'customer-' || a.kind || ':' || a.customer_id and p.currency = a.currency
      where a.tenant_id = $1 and a.balance_minor <> coalesce(p.posted, 0)) as strayed,
    (select count(*)::int from accounts where tenant_id = $1 and balance_minor < 0) as overdrawn,
    (select count(*)::int from payments
      where tenant_id = $1 and refunded_minor > captured_minor) as overpaid`;
type Wrongs = Record<'uneven' | 'strayed' | 'overdrawn' | 'overpaid', number>;
const isWrong = (found: Wrongs) => Object.values(found).some((count) => count > 0);

type Said = { readonly what: string; readonly status: number; readonly text: string };
/** What all tellers work on: the newest orders, payments that are open, and orders that are paid. */
type Desk = Record<'orders' | 'bills' | 'paid', string[]>;
const keptMax = 12;
const keep = (list: string[], id: unknown) => {
  list.unshift(String(id));
  if (list.length > keptMax) list.pop();
};

/** Somebody who does one thing after the other, with orders and payments that others work on too. */
function aTeller({ urls, staff: { token }, customers }: Bank, desk: Desk, luck: Chance) {
  const ask = async (what: string, path: string, body: unknown): Promise<Said> => {
    const options = { method: what === 'cancel' ? 'PATCH' : 'POST', token, body };
    const { status, text } = await call({ url: luck.pick(urls) }, `/api/v1/${path}`, options);
    return { what, status, text };
  };
  const give = (amount: string) =>
    ask('top up', `customers/${luck.pick(customers)}/top_up/`, { amount, reason: 'bank' });
  /** The second half only when the first went well. */
  const both = async (first: Promise<Said>, second: (text: string) => Promise<Said>) => {
    const said = await first;
    return said.status < 300 ? [said, await second(said.text)] : [said];
  };
  const any = (list: readonly string[]) => list[luck.between(0, list.length - 1)] ?? 'nothing';
  const order = () => {
    const items = [{ product: 'MUG', quantity: 1 }];
    return both(ask('order', 'orders/', { customer_id: luck.pick(customers), items }), async (text) => {
      const { id } = JSON.parse(text);
      keep(desk.orders, id);
      const bill = await ask('bill', 'payments/', { order: id, payment_method: 'balance' });
      if (bill.status < 300) keep(desk.bills, JSON.parse(bill.text).id);
      return bill;
    });
  };
  const pay = async () => {
    const bill = any(desk.bills);
    const said = await ask('pay', `payments/${bill}/process_payment/`, {});
    if (said.status < 300) {
      keep(desk.paid, JSON.parse(said.text).order);
      const at = desk.bills.indexOf(bill);
      if (at >= 0) desk.bills.splice(at, 1);
    }
    return [said];
  };
  return async (): Promise<Said[]> => {
    const dice = luck.between(1, 100);
    if (dice <= 20 || desk.bills.length === 0) return order();
    if (dice <= 55) return pay();
    if (dice <= 70 && desk.paid.length > 0) {
      const refund = { amount: luck.pick(['5', '15', '25']), reason: 'bank' };
      return [await ask('refund', `orders/${any(desk.paid)}/refunds/`, refund)];
    }
    if (dice <= 80) {
      const list = luck.percent(50) && desk.paid.length > 0 ? desk.paid : desk.orders;
      return [await ask('cancel', `orders/${any(list)}/cancel_order/`, {})];
    }
    return dice <= 90 ? both(give('-25'), () => give('25')) : [await give('25')];
  };
}

/** Works for so long, and on a busy machine until there is something to judge; others read the books. */
async function work(bank: Bank, forSeconds: number, luckyNumber = seed) {
  const [told, reads]: [Said[], Wrongs[]] = [[], []];
  const desk: Desk = { orders: [], bills: [], paid: [] };
  const end = performance.now() + forSeconds * 1_000;
  const least = forSeconds * 10;
  const isOpen = () => performance.now() < end || Math.min(reads.length, told.length) < least;
  const teller = async (number: number) => {
    const next = aTeller(bank, desk, chance(luckyNumber * 100 + number));
    while (isOpen()) told.push(...(await next()));
  };
  const reader = async () => {
    while (isOpen()) {
      reads.push(...(await bank.db.pool.query<Wrongs>(wrongs, [bank.staff.tenantId])).rows);
      await sleep(50);
    }
  };
  const tellers = Array.from({ length: workers }, (_, number) => teller(number));
  await Promise.all([...tellers, ...Array.from({ length: readers }, reader)]);
  return { told, reads };
}

const countsOf = (told: readonly Said[]) =>
  Object.fromEntries(
    [...Map.groupBy(told, ({ what, status }) => `${what} ${status}`)].map(([key, all]) => [key, all.length]),
  );
const say = (found: object) => process.stdout.write(`${JSON.stringify({ seed, ...found })}\n`);

describe(`${workers} tellers at two servers for ${seconds} s (SEED=${seed})`, () => {
  it('keep books that add up in every single state', async () => {
    const { told, reads } = await work(await open(guarded, []), seconds);
    say({ did: countsOf(told), reads: reads.length, wrong: reads.filter(isWrong).length });
    expect(reads.filter(isWrong)).toEqual([]);
    expect(told.filter(({ status }) => ![200, 201, 400, 402, 404, 409, 422, 503].includes(status))).toEqual(
      [],
    );
    for (const what of ['order', 'bill', 'pay', 'refund', 'cancel', 'top up'])
      expect([what, told.some((one) => one.what === what && one.status < 300)]).toEqual([what, true]);
    expect(await check(guarded)).toEqual([]);
  }, 300_000);

  it('are seen overdrawn when the defence of the balance is taken away', async () => {
    const bank = await open(bare, ['balance']);
    let round = 0;
    const { told, reads } = await raceUntil(
      ({ reads: seen }) => seen.some(({ overdrawn }) => overdrawn > 0),
      () => work(bank, 1, seed + (round += 1)),
    );
    say({
      without: 'balance',
      did: countsOf(told),
      reads: reads.length,
      wrong: reads.filter(isWrong).length,
    });
    expect(reads.some(({ overdrawn }) => overdrawn > 0)).toBe(true);
  }, 300_000);
});
