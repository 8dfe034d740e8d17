import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Defence, openDatabase, readAnywhere, type ReplicaOutcome } from '@orderloom/db';
import { startEmbedded } from '@orderloom/db/embedded';
import { aStandby, migrateTemplate } from '@orderloom/db/testing';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { aShop, call, procedures, startApp } from './testing.ts';

const home = mkdtempSync(join(tmpdir(), 'orderloom-replicas-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const [from, to] = [join(home, 'primary'), join(home, 'standby')];
const primary = await startEmbedded({ dataDir: from, durable: false });
afterAll(() => primary.stop());
await migrateTemplate(primary.url);
const standby = await aStandby(primary.url, { from, to });
afterAll(() => standby.stop());

const app = await startApp({ server: primary.url });
const { staff, tenant } = await aShop(app);
const { token } = staff;

/** What came of the reads of a database handle that a replica may answer. */
type Asked = Record<ReplicaOutcome, number>;

/** Another server on the same database, which knows these replicas. */
async function aServer(replicaUrls: readonly string[], defenceOff: readonly Defence[] = []) {
  const asked: Asked = { answered: 0, behind: 0, failed: 0, 'left alone': 0 };
  const replicaAsked = (outcome: ReplicaOutcome) => void (asked[outcome] += 1);
  const { url } = app.db;
  const options = { url, poolMax: 8, acquireTimeoutMs: 20_000, replicaUrls, replicaAsked, defenceOff };
  const db = await openDatabase(options);
  afterAll(db.close);
  const user = await procedures({ parts: { ...app.parts, db } }, staff);
  const seen = async (): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { id } of await user.orders.all({})) ids.push(id);
    return ids;
  };
  return { db, seen, asked };
}
const follower = standby.url.replace(/[^/]+$/, new URL(app.db.url).pathname.slice(1));
const server = await aServer([follower]);

/** Writes through the first server, which knows no replica. */
async function aDraft(): Promise<string> {
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  const { json } = await call(app, '/orders', { token, body: {}, headers });
  return z.object({ id: z.string() }).parse(json).id;
}

/** Until the replica answers a server's reads again. */
const untilAnswered = (of = server) =>
  vi.waitFor(
    async () => {
      const before = of.asked.answered;
      await of.seen();
      expect(of.asked.answered).toBeGreaterThan(before);
    },
    { timeout: 30_000, interval: 100 },
  );

describe('a server with a replica', () => {
  it('lets the replica answer lists and streams', async () => {
    const id = await aDraft();
    await untilAnswered();
    expect(await server.seen()).toContain(id);
    const there = await standby.query(
      `select from pg_stat_activity where application_name = 'orderloom' and datname <> 'postgres'`,
    );
    expect(there.length).toBeGreaterThan(0);
  });

  it('shows what another server has just written, however many write and read', async () => {
    const writers = Array.from({ length: 8 }, async () => {
      for (let turn = 0; turn < 5; turn += 1) {
        const id = await aDraft();
        expect(await server.seen()).toContain(id);
      }
    });
    await Promise.all(writers);
    await untilAnswered();
  });

  it('shows it while the replica lags behind, and without that care would not', async () => {
    const careless = await aServer([follower], ['replay']);
    await untilAnswered();
    await untilAnswered(careless);
    await standby.pause();
    const id = await aDraft();
    expect(await careless.seen()).not.toContain(id);
    for (let turn = 0; turn < 3; turn += 1) expect(await server.seen()).toContain(id);
    await vi.waitFor(async () => {
      await server.seen();
      expect(server.asked.behind).toBeGreaterThan(0);
    }, 30_000);
    await standby.resume();
    await untilAnswered();
    expect(await server.seen()).toContain(id);
  });

  it('answers while a replica says nothing, and leaves it alone', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    afterAll(() => silent.close());
    const address = z.object({ port: z.int() }).parse(silent.address());
    const waiting = await aServer([`postgresql://nobody:x@127.0.0.1:${address.port}/none`]);
    const id = await aDraft();
    expect(await waiting.seen()).toContain(id);
    await waiting.seen();
    expect(waiting.asked.answered).toBe(0);
    expect(waiting.asked.failed).toBeGreaterThan(0);
    expect(waiting.asked['left alone']).toBeGreaterThan(0);
  });

  it('asks the primary when the replica gives a read up, and nobody again after a refusal', async () => {
    await untilAnswered();
    const givenUp = Object.assign(new Error('conflict with recovery'), { code: '40001' });
    const refused = new Error('no such order');
    for (const [thrown, times] of [
      [givenUp, 2],
      [refused, 1],
    ] as const) {
      await untilAnswered();
      let tries = 0;
      const read = readAnywhere(server.db, tenant, async () => {
        tries += 1;
        if (tries === 1) throw thrown;
        return 'found';
      });
      expect(await read.catch((caught: unknown) => caught)).toBe(times === 2 ? 'found' : refused);
      expect(tries).toBe(times);
    }
  });

  it('goes on when the replica dies', async () => {
    await untilAnswered();
    await standby.kill();
    for (let turn = 0; turn < 5; turn += 1) {
      const id = await aDraft();
      expect(await server.seen()).toContain(id);
    }
    await vi.waitFor(async () => {
      await server.seen();
      expect(server.asked.failed).toBeGreaterThan(1);
    }, 30_000);
    expect(await server.seen()).not.toEqual([]);
  });
});
