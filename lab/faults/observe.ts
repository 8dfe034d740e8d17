import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@orderloom/db';
import { shop } from '../../bench/shop.ts';
import type { Books, FeedEntry, Page, Stored, StoredOrder } from './history.ts';

/** Reads the books and the feed all the time, past every fault but those of the database itself. */
export type Observer = {
  readonly books: Books[];
  readonly pages: Page[];
  readonly stop: () => Promise<void>;
};

export function startObserver({ pool }: Pick<Database, 'pool'>, clock: () => number): Observer {
  const books: Books[] = [];
  const pages: Page[] = [];
  let over = false;
  let last = -1;
  const look = async () => {
    if (last < 0) last = await lastFeedSeq(pool);
    const [found] = (await pool.query<Omit<Books, 'at'>>(booksNow, [shop.tenantId])).rows;
    if (found) books.push({ at: Math.round(clock()), ...found });
    const read = await pool.query<{ seq: string }>(feedAfter, [shop.tenantId, last]);
    const seqs = read.rows.map(({ seq }) => Number(seq));
    if (seqs.length > 0) pages.push({ after: last, seqs });
    last = seqs.at(-1) ?? last;
  };
  const watch = async () => {
    while (!over) {
      // A database that is down shows nothing.
      await look().catch(() => {});
      await sleep(150);
    }
  };
  const watching = watch();
  const stop = async () => {
    over = true;
    await watching;
  };
  return { books, pages, stop };
}

const booksNow = `
  select
    (select coalesce(sum(amount_minor), 0)::float8 from postings where tenant_id = $1) as sum,
    (select count(*)::int from (
      select 1 from postings where tenant_id = $1
      group by entry_id having sum(amount_minor) <> 0) e) as uneven,
    (select count(*)::int from accounts a
      left join (
        select account, currency, sum(amount_minor) as posted from postings where tenant_id = $1 group by 1, 2
      ) p on p.account = 'customer-' || a.kind || ':' || a.customer_id and p.currency = a.currency
      where a.tenant_id = $1 and a.balance_minor <> coalesce(p.posted, 0)) as strayed,
    (select count(*)::int from accounts where tenant_id = $1 and balance_minor < floor_minor) as overdrawn`;
const feedAfter = `
  select feed_seq as seq from events where tenant_id = $1 and feed_seq > $2 order by feed_seq limit 500`;

async function lastFeedSeq(pool: Database['pool']): Promise<number> {
  const read = await pool.query<{ last: string }>(
    'select coalesce(max(feed_seq), 0) as last from events where tenant_id = $1',
    [shop.tenantId],
  );
  return Number(read.rows[0]?.last);
}

/** All orders and the whole feed, when nothing is under way any more. */
export async function stored({ pool }: Pick<Database, 'pool'>): Promise<Stored> {
  const orders = await pool.query<StoredOrder>(
    `select id, version, exists (select from payments p
       where p.tenant_id = o.tenant_id and p.order_id = o.id and p.method = 'credit_card') as "byOthers"
     from orders o where tenant_id = $1`,
    [shop.tenantId],
  );
  const feed = await pool.query<FeedEntry>(
    `select feed_seq::float8 as seq, order_id as "order", version from events where tenant_id = $1`,
    [shop.tenantId],
  );
  return { orders: orders.rows, feed: feed.rows };
}

/** How much waits to be told or done, and what was given up. */
async function leftToDo({ pool }: Pick<Database, 'pool'>) {
  const found = await pool.query<{ waiting: number; dead: number; paying: number }>(
    `select
       (select count(*)::int from deliveries where tenant_id = $1)
         + (select count(*)::int from events where tenant_id = $1 and published_at is null) as waiting,
       (select count(*)::int from dead_letters where tenant_id = $1) as dead,
       (select count(*)::int from intents where tenant_id = $1 and state in ('OPEN', 'RUNNING'))
         + (select count(*)::int from stock_levels l join stock_locations k
             on k.tenant_id = l.tenant_id and k.id = l.location_id and k.name = 'remote'
             where l.tenant_id = $1 and l.on_hand > l.reserved) as paying`,
    [shop.tenantId],
  );
  return found.rows[0] ?? { waiting: 0, dead: 0, paying: 0 };
}

/** Waits until every event was told to everybody, and stays so; what is left when the patience is over. */
export async function settled(db: Pick<Database, 'pool'>, withinMs: number) {
  let quiet = 0;
  for (const end = performance.now() + withinMs; ;) {
    const left = await leftToDo(db).catch(() => ({ waiting: -1, dead: 0, paying: 0 }));
    quiet = left.waiting === 0 && left.paying === 0 ? quiet + 1 : 0;
    if (quiet === 4 || performance.now() > end) return left;
    await sleep(150);
  }
}
