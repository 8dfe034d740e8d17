/** The tables of the yardsticks, filled. */
export const tables = `
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

type Step = {
  /** `:name` is what was chosen, or what an earlier step kept. */
  readonly sql: string;
  readonly keeps?: true;
};

const order: readonly Step[] = [
  { sql: 'select price from naive.stock where id = :product', keeps: true },
  { sql: 'update naive.stock set reserved = reserved + 1 where id = :product and on_hand - reserved >= 1' },
  { sql: 'update naive.account set balance = balance - 2500 where id = :customer and balance >= 2500' },
  {
    sql: 'insert into naive.orders (customer, total, at) values (:customer, 2500, now()) returning id o_id',
    keeps: true,
  },
  { sql: 'insert into naive.item (order_id, product, quantity, price) values (:o_id, :product, 1, 2500)' },
  { sql: 'insert into naive.payment (order_id, amount) values (:o_id, 2500)' },
  { sql: `insert into naive.event (order_id, data) values (:o_id, '{"type": "placed"}')` },
  { sql: `insert into naive.event (order_id, data) values (:o_id, '{"type": "paid"}')` },
];

/** Ten round trips, the first and the last of them to begin and to commit. */
export const yards = {
  B: { products: 1_000, steps: order },
  H: { products: 1, steps: order },
};
