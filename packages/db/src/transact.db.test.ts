import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { newId } from './ids.ts';
import { ProductRow } from './product.ts';
import { rows, run } from './sql.ts';
import { aTenant, freshDatabase } from './testing.ts';
import { sqlStateOf } from './faults.ts';
import { lookUp, read, transact } from './transact.ts';

const db = await freshDatabase();
const shop = await aTenant(db);
const rename = `update tenants set name = $1 where id = $2`;
const nameOf = (tenantId: string) =>
  read(db, { tenantId }, async (em) => {
    const [found] = await rows<{ name: string }>(em, 'select name from tenants where id = $1', [tenantId]);
    return found?.name;
  });
const stateOf = (work: Promise<unknown>) => work.then(() => 'nothing', sqlStateOf);

describe('a unit of work', () => {
  it('commits a value', async () => {
    await transact(db, shop, async (em) => ok(await run(em, rename, ['Renamed', shop.tenantId])));
    expect(await nameOf(shop.tenantId)).toBe('Renamed');
  });

  it('rolls back a refusal and returns it', async () => {
    const before = await nameOf(shop.tenantId);
    const refused = await transact(db, shop, async (em) => {
      await run(em, rename, ['Lost', shop.tenantId]);
      return err({ code: 'NO' as const });
    });
    expect(refused).toEqual({ ok: false, error: { code: 'NO' } });
    expect(await nameOf(shop.tenantId)).toBe(before);
  });

  it('rolls back what throws and gives the connection back', async () => {
    const before = await nameOf(shop.tenantId);
    for (let time = 0; time < 30; time += 1)
      await expect(
        transact(db, shop, async (em) => {
          await run(em, rename, ['Lost', shop.tenantId]);
          throw new Error('thrown');
        }),
      ).rejects.toThrow('thrown');
    expect(await nameOf(shop.tenantId)).toBe(before);
    expect(db.pool.totalCount - db.pool.idleCount).toBe(0);
  });

  it('does nothing when it cannot begin', async () => {
    const before = await nameOf(shop.tenantId);
    const scope = { ...shop, statementTimeout: 'for ever' };
    const failing = transact(db, scope, async (em) => ok(await run(em, rename, ['Lost', shop.tenantId])));
    expect(await stateOf(failing)).toBe('22023');
    expect(await nameOf(shop.tenantId)).toBe(before);
  });

  it.each(['40001', '40P01'])('is tried four times at the most on %s', async (state) => {
    let tries = 0;
    const failing = transact(db, shop, async (em) => {
      tries += 1;
      await run(em, `do $$ begin raise exception 'again' using errcode = '${state}'; end $$`, []);
      return ok(null);
    });
    expect(await stateOf(failing)).toBe(state);
    expect(tries).toBe(4);
  });

  it('comes through when it and another one wait for each other', async () => {
    const lock = 'select pg_advisory_xact_lock($1)';
    const work = (first: number, second: number) =>
      transact(db, shop, async (em) => {
        await run(em, lock, [first]);
        await sleep(100);
        await run(em, lock, [second]);
        return ok('through');
      });
    expect(await Promise.all([work(1, 2), work(2, 1)])).toEqual([ok('through'), ok('through')]);
  });

  it('succeeds when a second try does', async () => {
    let tries = 0;
    const done = await transact(db, shop, async (em) => {
      tries += 1;
      if (tries === 1)
        await run(em, `do $$ begin raise exception 'again' using errcode = '40001'; end $$`, []);
      return ok(tries);
    });
    expect(done).toEqual(ok(2));
  });

  it('is not tried again on anything else', async () => {
    let tries = 0;
    const failing = transact(db, shop, async (em) => {
      tries += 1;
      return ok(await run(em, 'select 1 / 0', []));
    });
    expect(await stateOf(failing)).toBe('22012');
    expect(tries).toBe(1);
  });

  it('waits a second for a lock and no longer', async () => {
    const waiting = transact(db, shop, async (em) => {
      await run(em, rename, ['Held', shop.tenantId]);
      const second = transact(db, shop, async (other) =>
        ok(await run(other, rename, ['Late', shop.tenantId])),
      );
      return ok(await stateOf(second));
    });
    expect(await waiting).toEqual(ok('55P03'));
  });

  it('runs as a role that owns nothing, with its limits set, and leaves nothing behind', async () => {
    const settings = `select current_user as role, current_setting('app.tenant') as tenant,
      current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
      current_setting('idle_in_transaction_session_timeout') as idle`;
    const inside = await transact(db, shop, async (em) => ok(await run(em, settings, [])));
    expect(inside).toEqual(
      ok([{ role: 'orderloom_app', tenant: shop.tenantId, statement: '3s', lock: '1200ms', idle: '5s' }]),
    );
    const { rows: after } = await db.pool.query(
      `select current_user <> 'orderloom_app' as owner,
         coalesce(current_setting('app.tenant', true), '') as tenant`,
    );
    expect(after).toEqual([{ owner: true, tenant: '' }]);
  });

  it('refuses what is no tenant id', async () => {
    const tenantId = `x', true), set_config('role', 'none`;
    await expect(transact(db, { tenantId }, async () => ok(1))).rejects.toThrow('not a tenant id');
  });

  it('tells a row that somebody else wrote meanwhile as a conflict', async () => {
    const conflict = await transact(db, shop, async (em) => {
      const product = await em.findOneOrFail(ProductRow, { id: shop.productId });
      await transact(db, shop, async (other) =>
        ok(await run(other, 'update products set version = version + 1 where id = $1', [shop.productId])),
      );
      product.name = 'Lost';
      return ok(null);
    });
    expect(conflict).toEqual(err({ code: 'VERSION_CONFLICT', currentVersion: null }));
  });
});

describe('two changed rows in one unit of work', () => {
  it('never lose an update, because updates are not batched', async () => {
    const own = await aTenant(db);
    const second = newId();
    await transact(db, own, async (em) => {
      await run(
        em,
        `insert into products
         select (jsonb_populate_record(p, jsonb_build_object('id', $1::uuid, 'ref', 2, 'sku', 'CUP'))).*
         from products p where id = $2`,
        [second, own.productId],
      );
      return ok(null);
    });
    let committed = 0;
    const writer = async () => {
      for (let time = 0; time < 10; time += 1) {
        const done = await transact(db, own, async (em) => {
          const products = await em.find(ProductRow, {}, { orderBy: { id: 'asc' } });
          for (const product of products) product.priceMinor += 1;
          return ok(null);
        });
        if (done.ok) committed += 1;
      }
    };
    await Promise.all(Array.from({ length: 6 }, writer));
    const prices = await read(db, own, (em) =>
      rows<{ price: number }>(em, 'select price_minor as price from products where tenant_id = $1', [
        own.tenantId,
      ]),
    );
    expect(committed).toBeGreaterThan(0);
    expect(prices).toEqual([{ price: 2_500 + committed }, { price: 2_500 + committed }]);
  });
});

describe('a reading', () => {
  it('cannot write', async () => {
    const writing = read(db, shop, (em) => run(em, rename, ['Lost', shop.tenantId]));
    expect(await stateOf(writing)).toBe('25006');
  });

  it('sees one state from its first statement to its last', async () => {
    const seen = await read(db, shop, async (em) => {
      const before = await rows(em, 'select name from tenants', []);
      await transact(db, shop, async (other) => ok(await run(other, rename, [newId(), shop.tenantId])));
      return [before, await rows(em, 'select name from tenants', [])];
    });
    expect(seen[0]).toEqual(seen[1]);
  });
});

describe('the pool', () => {
  it('refuses after half a second when every connection is busy', async () => {
    const small = await openDatabase({ url: db.url, poolMax: 1 });
    const waited = await transact(small, shop, async () => {
      const began = performance.now();
      await expect(lookUp(small, async () => null)).rejects.toThrow('timeout');
      return ok(performance.now() - began);
    });
    await small.close();
    expect(waited.ok && waited.value).toBeGreaterThan(400);
    expect(waited.ok && waited.value).toBeLessThan(10_000);
  });
});
