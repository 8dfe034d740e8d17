import { type Database, migrate, openDatabase } from '@orderloom/db';
import { freePort } from '../../apps/server/src/testing/program.ts';
import { openShop, shop } from '../../bench/shop.ts';
import { type Server, startServer } from '../server.ts';
import type { Violation } from './history.ts';

/** Another Orderloom, which is the catalogue of the shop: what is sold is taken from its shelves. */
export type Warehouse = {
  readonly port: number;
  readonly db: Database;
  /** Of each product when it was opened. */
  readonly pieces: number;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const name = 'warehouse';

/** With a database of its own beside that of the shop. */
export async function startWarehouse(shopUrl: string, { pool }: Database, dir: string): Promise<Warehouse> {
  await pool.query(`create database ${name}`);
  const address = new URL(shopUrl);
  address.pathname = `/${name}`;
  const db = await openDatabase({ url: address.href, poolMax: 2, acquireTimeoutMs: 5_000 });
  db.pool.on('error', () => {});
  await migrate(db);
  await openShop(db);
  const shelf = 'select on_hand::float8 as pieces from stock_levels limit 1';
  const [full] = (await db.pool.query<{ pieces: number }>(shelf)).rows;
  const port = await freePort();
  const logFile = `${dir}/${name}.log`;
  const env = { TRUST_NETWORK: 'on', DEFAULT_TENANT_ID: shop.tenantId };
  const run = () => startServer({ databaseUrl: address.href, port, logFile, env });
  let server: Server = await run();
  return {
    port,
    db,
    pieces: full?.pieces ?? 0,
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

/** What is missing over there is what was ordered of it here, and not from our own shelves. */
export async function taken(here: Database, { db: there, pieces }: Warehouse): Promise<Violation[]> {
  const ordered = await here.pool.query<{ ref: string; pieces: number }>(
    `select r.remote_id as ref, sum(i.quantity - i.cancelled_quantity)::int as pieces
     from order_items i join stock_locations k on k.tenant_id = i.tenant_id and k.id = i.location_id
       join variants v on v.tenant_id = i.tenant_id and v.id = i.variant_id
       join remote_products r on r.tenant_id = v.tenant_id and r.product_id = v.product_id
     where i.tenant_id = $1 and k.name = 'remote' group by 1`,
    [shop.tenantId],
  );
  const missing = await there.pool.query<{ ref: string; pieces: number }>(
    `select p.ref::text as ref, ($2::float8 - sum(l.on_hand - l.reserved))::int as pieces
     from stock_levels l join variants v on v.tenant_id = l.tenant_id and v.id = l.variant_id
       join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
     where l.tenant_id = $1 group by 1 having sum(l.on_hand - l.reserved) <> $2::float8`,
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
