import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';

/**
 * B: the naive order transaction, without any server around it. Ten round trips, prepared, one order each, on
 * tables of its own. pgbench runs it where it is installed, else a client of our own does.
 */
export async function prepareYardstick(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(tables);
  await client.end();
}

const tables = `
  drop schema if exists naive cascade; create schema naive;
  create table naive.stock (id int primary key, price int not null, on_hand int not null,
    reserved int not null, check (reserved <= on_hand)) with (fillfactor = 50);
  create table naive.account (id int primary key,
    balance bigint not null check (balance >= 0)) with (fillfactor = 50);
  create table naive.orders (id bigserial primary key, customer int not null, total int not null,
    at timestamptz not null);
  create table naive.item (id bigserial primary key, order_id bigint not null references naive.orders,
    product int not null, quantity int not null, price int not null);
  create table naive.payment (id bigserial primary key, order_id bigint not null references naive.orders,
    amount int not null);
  create table naive.event (id bigserial primary key, order_id bigint not null references naive.orders,
    data jsonb not null);
  insert into naive.stock select n, 2500, 1000000000, 0 from generate_series(1, 1000) n;
  insert into naive.account select n, 1000000000000 from generate_series(1, 200) n;
  analyze naive.stock; analyze naive.account`;

const script = `
\\set product random(1, 1000)
\\set customer random(1, 200)
begin;
select price from naive.stock where id = :product;
update naive.stock set reserved = reserved + 1 where id = :product and on_hand - reserved >= 1;
update naive.account set balance = balance - 2500 where id = :customer and balance >= 2500;
insert into naive.orders (customer, total, at) values (:customer, 2500, now()) returning id \\gset o_
insert into naive.item (order_id, product, quantity, price) values (:o_id, :product, 1, 2500);
insert into naive.payment (order_id, amount) values (:o_id, 2500);
insert into naive.event (order_id, data) values (:o_id, '{"type": "placed"}');
insert into naive.event (order_id, data) values (:o_id, '{"type": "paid"}');
commit;
`;

export type Rate = { readonly name: string; readonly perSecond: number };
export type Effort = { readonly url: string; readonly clients: number; readonly seconds: number };

export const yardstick = (effort: Effort): Promise<Rate> =>
  spawnSync('pgbench', ['--version']).status === 0 ? byPgbench(effort) : byOurselves(effort);

async function byPgbench({ url, clients, seconds }: Effort): Promise<Rate> {
  const file = join(mkdtempSync(join(tmpdir(), 'naive-')), 'order.sql');
  writeFileSync(file, script);
  const effort = ['-c', String(clients), '-j', '1', '-T', String(seconds)];
  const options = ['-n', '-M', 'prepared', ...effort, '-f', file, url];
  const { stdout, stderr } = spawnSync('pgbench', options, { encoding: 'utf8' });
  const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
  if (!perSecond) throw new Error(`pgbench: ${stderr}`);
  return { name: 'pgbench', perSecond: Math.round(perSecond) };
}

async function byOurselves({ url, clients, seconds }: Effort): Promise<Rate> {
  const end = performance.now() + seconds * 1_000;
  const done = await Promise.all(Array.from({ length: clients }, () => oneClient(url, end)));
  return { name: 'own client', perSecond: Math.round(done.reduce((sum, count) => sum + count, 0) / seconds) };
}

const statements = {
  price: 'select price from naive.stock where id = $1',
  take: 'update naive.stock set reserved = reserved + 1 where id = $1 and on_hand - reserved >= 1',
  pay: 'update naive.account set balance = balance - 2500 where id = $1 and balance >= 2500',
  order: 'insert into naive.orders (customer, total, at) values ($1, 2500, now()) returning id',
  item: 'insert into naive.item (order_id, product, quantity, price) values ($1, $2, 1, 2500)',
  payment: 'insert into naive.payment (order_id, amount) values ($1, 2500)',
  event: 'insert into naive.event (order_id, data) values ($1, $2)',
};

async function oneClient(connectionString: string, end: number): Promise<number> {
  const client = new Client({ connectionString });
  await client.connect();
  const run = (name: keyof typeof statements, ...values: unknown[]) =>
    client.query<{ id: string }>({ name, text: statements[name], values });
  let count = 0;
  for (; performance.now() < end; count += 1) {
    const product = 1 + Math.floor(Math.random() * 1_000);
    const customer = 1 + Math.floor(Math.random() * 200);
    await client.query('begin');
    await run('price', product);
    await run('take', product);
    await run('pay', customer);
    const id = (await run('order', customer)).rows[0]?.id;
    await run('item', id, product);
    await run('payment', id);
    await run('event', id, '{"type": "placed"}');
    await run('event', id, '{"type": "paid"}');
    await client.query('commit');
  }
  await client.end();
  return count;
}
