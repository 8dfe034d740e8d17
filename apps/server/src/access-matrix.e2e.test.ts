import { scopesOf } from '@orderloom/core';
import { describe, expect, it } from 'vitest';
import { api } from './rest/api/family.ts';
import { families } from './rest/mount.ts';
import { waysTo } from './rest/testing/ways.ts';
import { appRouter } from './router.ts';
import { tryAll, type Way } from './testing/access/matrix.ts';
import { aWorld } from './testing/access/people.ts';
import { plants } from './testing/access/plants.ts';
import { waysOf } from './testing/access/procedures.ts';
import { aConsole, startApp } from './testing.ts';

const app = await startApp();
const world = await aWorld(app);
const before = await whatTheyHave();
let calls = 0;

async function findingsOf(ways: readonly Way[]): Promise<readonly string[]> {
  const report = await tryAll(ways, world);
  calls += report.calls;
  return report.findings;
}

/** Every row of the tenant that nobody of those who call belongs to. */
async function whatTheyHave(): Promise<unknown> {
  const tables = [...app.db.orm.getMetadata().getAll().values()].flatMap(({ properties, tableName }) =>
    properties['tenantId'] ? [tableName] : [],
  );
  const sums = tables.map(async (table) => {
    const sql = `select md5(string_agg(t::text, '|' order by t::text)) from ${table} t where tenant_id = $1`;
    return [table, (await app.db.pool.query(sql, [world.foreign])).rows[0]];
  });
  return Promise.all(sums);
}

describe('who may do what to whose', () => {
  it.each(Object.entries(Object.groupBy(waysOf(app, appRouter), ({ procedure }) => procedure)))(
    '%s',
    async (_, ways = []) => {
      expect(await findingsOf(ways)).toEqual([]);
    },
  );

  const rows = families.flatMap((family) =>
    Object.entries(Object.groupBy(waysTo(app, family), ({ procedure }) => procedure)).map(
      ([procedure, ways = []]) => [family.name, procedure, ways] as const,
    ),
  );
  it.each(rows)('in the %s family, by %s', async (_, __, ways) => {
    expect(await findingsOf(ways)).toEqual([]);
  });

  it('was asked often enough, and another tenant has what it had', async () => {
    process.stdout.write(`${JSON.stringify({ calls })}\n`);
    expect(calls).toBeGreaterThan(2_000);
    expect(await whatTheyHave()).toEqual(before);
  });
});

describe('the matrix finds a procedure', () => {
  it.each(Object.entries(plants))('when %s', async (_, { router, says }) => {
    const { findings } = await tryAll(waysOf(app, router), world);
    expect(findings).toContainEqual(expect.stringContaining(says));
  });

  it('when a row of REST leads to another than it says', async () => {
    const rows = api.rows.map((row) =>
      row.operationId === 'getOrder' ? { ...row, procedure: 'products.remove' as const } : row,
    );
    const ways = waysTo(app, { ...api, rows }).filter(({ procedure }) => procedure === 'products.remove');
    const { findings } = await tryAll(ways, world);
    expect(findings).toContainEqual(
      expect.stringContaining('GET /api/v1/orders/:id/ as customer: must be 403'),
    );
  });
});

describe('the console’s door', () => {
  const doors = waysOf(app, appRouter).filter(({ stream }) => !stream);
  const send = (browser: ReturnType<typeof aConsole>, { procedure, writes }: Way) =>
    writes ? browser.mutate(procedure, {}) : browser.query(procedure, {});

  it('lets nobody in who has not signed in, but where anybody may', async () => {
    const browser = aConsole(app);
    for (const way of doors) {
      const { status } = await send(browser, way);
      expect([way.procedure, way.rule === 'anyone' || status === 401]).toEqual([way.procedure, true]);
    }
  });

  it('asks the rule before it reads what was sent', async () => {
    const browser = aConsole(app);
    await browser.signIn(world.customer.email);
    for (const way of doors) {
      if (typeof way.rule !== 'object') continue;
      const { all, own } = way.rule;
      const may = [all, own].some((scope) => scope !== undefined && scopesOf.customer.includes(scope));
      const { status } = await send(browser, way);
      expect([way.procedure, status === 403]).toEqual([way.procedure, !may]);
    }
  });
});

describe('a narrow token', () => {
  it.each(['orders:read_own', 'tokens:admin'] as const)(
    'that may only do %s does not make a wide one',
    async (only) => {
      const make = waysOf(app, appRouter).find(({ procedure }) => procedure === 'users.tokens.create');
      const who = world.everybody.find((one) => one.only === only);
      const wide = { name: 'Wide', scopes: [only, 'users:admin'] };
      expect(who && (await make?.ask(who, wide))).toMatchObject({ status: 400 });
      const another = { ...wide, user: world.anotherAdmin.id };
      expect(who && (await make?.ask(who, another))?.status).toBeOneOf([400, 403]);
    },
  );
});
