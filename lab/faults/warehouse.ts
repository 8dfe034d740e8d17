import { type Database, migrate, openDatabase } from '@orderloom/db';
import { freePort } from '../../apps/server/src/testing/program.ts';
import { openShop, shop } from '../../bench/shop.ts';
import { type Server, startServer } from '../server.ts';
import type { Violation } from './history.ts';

/** Another Orderloom, which is the catalogue of the shop: what is sold is taken from its shelves. */
export type Warehouse = {
  readonly port: number;
  readonly db: Database;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const name = 'warehouse';
const pieces = 1_000_000;

/** With a database of its own beside that of the shop. */
export async function startWarehouse(shopUrl: string, { pool }: Database, dir: string): Promise<Warehouse> {
  await pool.query(`create database ${name}`);
  const address = new URL(shopUrl);
  address.pathname = `/${name}`;
  const db = await openDatabase({ url: address.href, poolMax: 2, acquireTimeoutMs: 5_000 });
  db.pool.on('error', () => {});
  await migrate(db);
  await openShop(db);
  const port = await freePort();
  const logFile = `${dir}/${name}.log`;
  const env = { TRUST_NETWORK: 'on', DEFAULT_TENANT_ID: shop.tenantId };
  const run = () => startServer({ databaseUrl: address.href, port, logFile, env });
  let server: Server = await run();
  return {
    port,
    db,
    kill: () => server.kill(),
    start: async () => {
      server = await run();
    },
    stop: async () => {
      await server.kill();
      await db.close();
    },
  };
}

/** What is missing over there is what was ordered here, product by product. */
export async function taken(here: Database, { db: there }: Warehouse): Promise<Violation[]> {
  const ordered = await here.pool.query<{ ref: string; pieces: number }>(
    `select r.remote_id as ref, sum(i.quantity - i.cancelled_quantity)::int as pieces
     from orders o join order_items i on i.tenant_id = o.tenant_id and i.order_id = o.id
       join variants v on v.tenant_id = i.tenant_id and v.id = i.variant_id
       join remote_products r on r.tenant_id = v.tenant_id and r.product_id = v.product_id
     where o.tenant_id = $1 group by 1`,
    [shop.tenantId],
  );
  const missing = await there.pool.query<{ ref: string; pieces: number }>(
    `select p.ref::text as ref, ($2 - sum(l.on_hand - l.reserved))::int as pieces
     from stock_levels l join variants v on v.tenant_id = l.tenant_id and v.id = l.variant_id
       join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
     where l.tenant_id = $1 group by 1 having sum(l.on_hand - l.reserved) <> $2`,
    [shop.tenantId, pieces],
  );
  const sold = new Map(ordered.rows.map((row) => [row.ref, row.pieces]));
  const gone = new Map(missing.rows.map((row) => [row.ref, row.pieces]));
  return [...new Set([...sold.keys(), ...gone.keys()])]
    .filter((ref) => (sold.get(ref) ?? 0) !== (gone.get(ref) ?? 0))
    .map((ref) => ({
      promise: 'what was taken elsewhere was ordered here',
      subject: `product ${ref}`,
      why: `${gone.get(ref) ?? 0} pieces are gone there, ${sold.get(ref) ?? 0} are ordered here`,
    }));
}
