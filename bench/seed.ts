import type { Database } from '@orderloom/db';
import { Client } from 'pg';
import { statementsOf, type Story } from './copy.ts';

/** How many orders a tenant gets, as copies of these orders of it. */
export type Seeding = {
  readonly url: string;
  readonly tenantId: string;
  /** Ids of orders that were placed, and changed, as users do it; each is copied as often as it is named. */
  readonly stories: readonly string[];
  readonly count: number;
  /** The serial number of the first copy. */
  readonly first?: number;
};

const chunk = 20_000;
const days = 730;

/**
 * Copies orders with all that belongs to them: lines, stock moves, payments, ledger and history. No trigger
 * runs but those that count, so `settle` must follow, and `check` says whether all is well.
 */
export async function copyStories(seeding: Seeding): Promise<void> {
  const { url, tenantId, stories, count, first = 1 } = seeding;
  await countAlways(url, true);
  const [rest, history] = await Promise.all([session(url, tenantId), session(url, tenantId)]);
  const copied: Story[] = [];
  for (const orderId of new Set(stories)) {
    const times = stories.filter((id) => id === orderId).length;
    copied.push(await statementsOf(rest, { tenantId, orderId, at: copied.length, times }));
  }
  const now = new Date().toISOString();
  const spans = Array.from({ length: Math.ceil(count / chunk) }, (_, at): Span => {
    const to = first + Math.min(count, (at + 1) * chunk) - 1;
    return { from: first + at * chunk, to, first, count, now };
  });
  // Side by side: the history is half of the work, and goes at its own pace.
  await Promise.all([
    inTurn(spans, (span) => fill(rest, copied, span)),
    inTurn(spans, (span) => tell(history, { copied, span, tenantId })),
  ]);
  await Promise.all([rest.end(), history.end()]);
  await countAlways(url, false);
}

/** Whether the statistics of orders and payments count even where no trigger runs. */
async function countAlways(connectionString: string, always: boolean): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ name: string; table: string }>(
    `select tgname as name, tgrelid::regclass as table from pg_trigger where tgname like '%\\_count\\_new'`,
  );
  for (const { name, table } of rows)
    await client.query(`alter table ${table} enable ${always ? 'always' : ''} trigger ${name}`);
  await client.end();
}

async function inTurn(spans: readonly Span[], work: (span: Span) => Promise<void>): Promise<void> {
  for (const span of spans) await work(span);
}

type Span = {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly count: number;
  readonly now: string;
};

/** A connection on which no trigger runs, with the list of copies that are being made. */
async function session(connectionString: string, tenantId: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  for (const statement of opening) await client.query(statement);
  await client.query(`insert into pg_temp.customer_n select row_number() over (order by ref) - 1, id
    from customers where tenant_id = '${tenantId}'`);
  await client.query(`insert into pg_temp.variant_n
    select row_number() over (order by p.ref) - 1, v.id, p.id, p.sku, p.name
    from variants v join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
    where v.tenant_id = '${tenantId}'`);
  return client;
}

const opening = [
  `set session_replication_role = replica`,
  `set synchronous_commit = off`,
  `set enable_seqscan = off`,
  `set plan_cache_mode = force_generic_plan`,
  `create temp table customer_n (n int primary key, id uuid)`,
  `create temp table variant_n (n int primary key, variant uuid, product uuid, sku text, name text)`,
  `create temp table n (g int, story int, later interval, head text, tail text, number text, customer uuid,
    variant1 uuid, product1 uuid, sku1 text, name1 text, variant2 uuid, product2 uuid, sku2 text,
    name2 text)`,
  `create index on pg_temp.n (story)`,
  `create temp table told (like events)`,
  `alter table pg_temp.told alter column written drop not null`,
];

/** Which copy is of which story, when it happens, and of whom and what it is. */
async function number(client: Client, copied: readonly Story[], span: Span): Promise<void> {
  const turns = copied.flatMap((story) => Array.from({ length: story.times }, () => story));
  await client.query('truncate pg_temp.n');
  await client.query(numbering, [
    span.from,
    span.to,
    turns.map(({ at }) => at),
    turns.map(({ begun }) => begun),
    (days * 86_400) / span.count,
    span.first,
    span.now,
  ]);
}

// `$3` and `$4` say the turns of the stories; the last copy happened a minute ago.
const numbering = `
  insert into pg_temp.n
  select g, ($3::int[])[turn], at - ($4::timestamptz[])[turn],
    overlay(substr(hex, 1, 12) placing '-' from 9 for 0) || '-7', lpad(to_hex(g), 8, '0'),
    'ORD-' || to_char(at at time zone 'UTC', 'YYYYMMDD') || '-' || to_char(g, 'FM00000000'), c.id,
    a.variant, a.product, a.sku, a.name, b.variant, b.product, b.sku, b.name
  from (
    select g, at, 1 + g % cardinality($3::int[]) as turn,
      lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') as hex
    from generate_series($1::int, $2::int) g, lateral (
      select $7::timestamptz - interval '${days} days 1 minute'
        + round((g - $6::int) * $5::float8 * 1000) * interval '1 millisecond' as at) t
  ) s
  join pg_temp.customer_n c on c.n = (g::bigint * 7919) % (select count(*) from pg_temp.customer_n)
  join pg_temp.variant_n a on a.n = (g::bigint * 31) % (select count(*) from pg_temp.variant_n)
  join pg_temp.variant_n b on b.n = (g::bigint * 31 + 1) % (select count(*) from pg_temp.variant_n)`;

async function fill(client: Client, copied: readonly Story[], span: Span): Promise<void> {
  await client.query('begin');
  await number(client, copied, span);
  for (const { at, rows } of copied)
    for (const [index, text] of rows.entries()) await client.query({ name: `r${at}-${index}`, text });
  await client.query('commit');
}

type Telling = { readonly copied: readonly Story[]; readonly span: Span; readonly tenantId: string };

/** The events, published in the order in which they happened. */
async function tell(client: Client, { copied, span, tenantId }: Telling): Promise<void> {
  await client.query('begin');
  await number(client, copied, span);
  await client.query('truncate pg_temp.told');
  for (const { at, events } of copied)
    for (const [index, text] of events.entries()) await client.query({ name: `e${at}-${index}`, text });
  await client.query(
    `insert into events overriding user value
     select r.* from (
       select told, coalesce(last.feed_seq, 0) + row_number() over path as feed_seq,
         chained(last.hash, event_digest(row(told.*)::events)) over path as hash
       from pg_temp.told left join (
         select feed_seq, hash from events where tenant_id = $1 and feed_seq is not null
         order by feed_seq desc limit 1) last on true
       window path as (order by at, order_id, version, idx rows unbounded preceding)
     ) c, lateral (select (c.told).*) t,
     lateral (select t.tenant_id, t.id, t.order_id, t.version, t.idx, t.type, t.data, t.from_status,
       t.to_status, t.actor_id, t.token_id, t.command_id, t.request_id, t.reason, t.at, t.schema_version,
       c.feed_seq, t.published_at, c.hash, 0::bigint) r
     order by c.feed_seq`,
    [tenantId],
  );
  await client.query('commit');
}

/** Nobody tidies up beside us: `settle` does it once. */
export const undisturbed = ['alter system set autovacuum = off', 'select pg_reload_conf()'];

/** Levels and balances as what was copied says, and tables that the planner knows. */
export async function settle(db: Database): Promise<void> {
  const client = await db.pool.connect();
  await client.query(`set statement_timeout = 0`);
  for (const statement of settling) await client.query(statement);
  client.release(true);
}

const settling = [
  `update stock_levels l set on_hand = m.on_hand, reserved = m.reserved, version = l.version + 1
   from (select tenant_id, variant_id, location_id, sum(on_hand) as on_hand, sum(reserved) as reserved
     from stock_movements group by 1, 2, 3) m
   where (l.tenant_id, l.variant_id, l.location_id) = (m.tenant_id, m.variant_id, m.location_id)
     and (l.on_hand, l.reserved) <> (m.on_hand, m.reserved)`,
  `update accounts a set balance_minor = p.posted
   from (select tenant_id, account, currency, sum(amount_minor) as posted from postings
     where account like 'customer-%' group by 1, 2, 3) p
   where a.tenant_id = p.tenant_id and a.currency = p.currency
     and p.account = 'customer-' || a.kind || ':' || a.customer_id and a.balance_minor <> p.posted`,
  `alter system reset autovacuum`,
  `select pg_reload_conf()`,
  `vacuum (freeze, analyze)`,
  `checkpoint`,
];
