import { ok } from '@orderloom/core';
import { openDatabase, transact } from '@orderloom/db';
import { aTenant, freshDatabase } from '@orderloom/db/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { closeIncident, openIncident } from './incident.ts';
import { createLog } from './log.ts';

const db = await freshDatabase();
const second = await openDatabase({ url: db.url, poolMax: 4, acquireTimeoutMs: 20_000 });
afterAll(() => second.close());

const lines: string[] = [];
const log = createLog({ mode: 'test', logLevel: 'debug' }, (line) => lines.push(line));
const processes = [
  { db, log },
  { db: second, log },
];
const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 9, 0, second)).toISOString();
const outage = {
  kind: 'inventory.unreachable',
  subject: 'http://catalogue.test',
  detail: 'GET /products/1: no answer',
} as const;

const eventsOf = async (tenantId: string) => {
  const { rows } = await db.pool.query<{ type: string; data: object }>(
    'select type, data from events where tenant_id = $1 and order_id is null order by id',
    [tenantId],
  );
  return rows.filter(({ type }) => type.startsWith('inventory.'));
};
const errorsOf = (tenantId: string) =>
  lines
    .map((line) => JSON.parse(line))
    .filter((line) => line.level === 'ERROR' && line.tenantId === tenantId);

describe('an incident', () => {
  it('alerts once, however many callers of two processes meet it together', async () => {
    const { tenantId } = await aTenant(db);
    const failures = Array.from({ length: 20 }, (_, n) => processes[n % 2] ?? { db, log });
    await Promise.all(failures.map((house) => openIncident(house, { tenantId, ...outage, at: at(0) })));
    const { subject, detail } = outage;
    expect(await eventsOf(tenantId)).toEqual([{ type: outage.kind, data: { subject, detail } }]);
    expect(errorsOf(tenantId)).toMatchObject([{ msg: outage.kind, subject, detail }]);
    const { rows } = await db.pool.query('select failures from incidents where tenant_id = $1', [tenantId]);
    expect(rows).toEqual([{ failures: 20 }]);
  });

  it('alerts again after it was over', async () => {
    const { tenantId } = await aTenant(db);
    const { kind } = outage;
    await openIncident({ db, log }, { tenantId, ...outage, at: at(0) });
    await closeIncident({ db, log }, { tenantId, kind, at: at(10) });
    await closeIncident({ db, log }, { tenantId, kind, at: at(11) });
    await openIncident({ db, log }, { tenantId, ...outage, at: at(12) });
    expect((await eventsOf(tenantId)).map(({ type }) => type)).toEqual([
      'inventory.unreachable',
      'inventory.reachable',
      'inventory.unreachable',
    ]);
  });

  it('is not over because of a call that began before the last failure, or right after it', async () => {
    const { tenantId } = await aTenant(db);
    await openIncident({ db, log }, { tenantId, ...outage, at: at(10) });
    for (const began of [9, 11])
      await closeIncident({ db, log }, { tenantId, kind: outage.kind, at: at(began) });
    await openIncident({ db, log }, { tenantId, ...outage, at: at(12) });
    expect(await eventsOf(tenantId)).toHaveLength(1);
  });

  it('of one tenant is not that of another, nor that of another kind', async () => {
    const [one, other] = [await aTenant(db), await aTenant(db)];
    await openIncident({ db, log }, { tenantId: one.tenantId, ...outage, at: at(0) });
    await openIncident({ db, log }, { tenantId: other.tenantId, ...outage, at: at(0) });
    await openIncident(
      { db, log },
      { tenantId: one.tenantId, ...outage, kind: 'cart.unreachable', at: at(0) },
    );
    const { rows } = await db.pool.query('select from incidents where tenant_id = any ($1)', [
      [one.tenantId, other.tenantId],
    ]);
    expect(rows).toHaveLength(3);
  });

  it('never takes the caller down with it', async () => {
    const closed = await openDatabase({ url: db.url, poolMax: 1 });
    const { tenantId } = await aTenant(db);
    await closed.close();
    await openIncident({ db: closed, log }, { tenantId, ...outage, at: at(0) });
    expect(await transact(db, { tenantId }, async () => ok('still here'))).toEqual(ok('still here'));
    expect(await eventsOf(tenantId)).toEqual([]);
  });
});
