import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { cartsOf } from './carts.ts';
import { catalogueOf } from './catalogue.ts';
import { createClient, type Errand } from './http.ts';
import { type Fault, faults, startStandIn } from './testing/stand-in.ts';

const there = await startStandIn();
const fresh = (restMs?: number) => createClient({ url: there.url, token: 'secret-of-the-shop' }, restMs);
const errand = (): Errand => ({
  tenantId: 'shop-1',
  requestId: 'request-1',
  signal: AbortSignal.timeout(2_500),
});
let key = 0;
const aPut = () => ({ id: '1', quantity: 8, etag: '"1"', key: `key-${(key += 1)}` });
/** A catalogue of its own that does not work, and whoever asks it. */
async function aBroken(fault: Fault) {
  const broken = await startStandIn();
  broken.fault = fault;
  const service = { url: broken.url, token: 'secret-of-the-shop' };
  return { ask: catalogueOf(createClient(service)), calls: broken.calls, strayed: broken.strayed };
}
const puts = () => there.calls.filter(({ method }) => method === 'PUT');

beforeEach(() => {
  there.calls.length = 0;
  Object.assign(there, { fault: null, only: () => true, late: false, etags: true, keys: true });
  there.products.set('1', { id: 1, sku: 'TEA', name: 'Tea', price: 25, quantity: 10, version: 1 });
});

describe('asking a catalogue', () => {
  it('finds a product by any name, with its version', async () => {
    const tea = { id: '1', sku: 'TEA', name: 'Tea', price: '25', quantity: 10, etag: '"1"' };
    expect(await catalogueOf(fresh()).find(errand(), 'TEA')).toEqual({ ok: true, value: tea });
    expect(there.calls[0]?.headers).toMatchObject({
      authorization: 'Bearer secret-of-the-shop',
      'x-tenant-id': 'shop-1',
      'x-request-id': 'request-1',
    });
  });

  it('finds nothing where there is nothing, and never leaves its folder', async () => {
    for (const id of ['2', '..', '../carts/1', 'a/b'])
      expect(await catalogueOf(fresh()).find(errand(), id)).toEqual({ ok: true, value: null });
    expect(there.calls.map(({ path }) => path)).toEqual([
      '/products/2',
      '/products/..%2Fcarts%2F1',
      '/products/a%2Fb',
    ]);
  });

  it('sets what is for sale, of the version it has read and of no other', async () => {
    const catalogue = catalogueOf(fresh());
    const put = aPut();
    expect(await catalogue.set(errand(), put)).toMatchObject({ value: { state: 'done' } });
    expect(await catalogue.set(errand(), aPut())).toMatchObject({
      value: { state: 'stale', doubted: false },
    });
    expect(puts()[0]).toMatchObject({
      headers: { 'if-match': '"1"', 'idempotency-key': put.key },
      body: { quantity: 8 },
    });
    expect(there.products.get('1')?.quantity).toBe(8);
  });
});

describe('asking for a cart', () => {
  it('reads it, and closes it', async () => {
    const carts = cartsOf(fresh());
    const items = [{ product: '1', quantity: 2 }];
    expect(await carts.find(errand(), '1')).toMatchObject({ value: { status: 'Active', items } });
    expect(await carts.close(errand(), { customer: '1', etag: null, key: 'key' })).toMatchObject({
      value: true,
    });
    expect(there.carts.get('1')?.status).toBe('Ordered');
    expect(await carts.find(errand(), '7')).toEqual({ ok: true, value: null });
  });
});

// All of them at once, because it is their time limits that take so long.
describe.concurrent.each(faults)('a service that is %s', (fault) => {
  // A machine that is busy with something else may take longer: the best of several tries counts.
  it('is a value within 3 s and 3 tries, without a word of the token', { retry: 3 }, async () => {
    const { ask, calls, strayed } = await aBroken(fault);
    const began = performance.now();
    const answer = await ask.find(errand(), '1');
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(answer).toMatchObject({
      ok: false,
      error: { detail: expect.stringMatching(/^GET \/products\/1: /) },
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.length).toBeLessThanOrEqual(3);
    expect(strayed).toEqual([]);
  });

  it('is not asked twice to do what could be done twice', async () => {
    const { ask, calls, strayed } = await aBroken(fault);
    const answer = await ask.set(errand(), { ...aPut(), etag: null });
    expect(answer).toMatchObject({ ok: false, error: { doubted: true } });
    expect(calls).toHaveLength(1);
    expect(strayed).toEqual([]);
  });
});

describe('a lost answer', () => {
  it('is asked for again under the same key, and counts once', async () => {
    Object.assign(there, { fault: 'reset', late: true, only: () => puts().length === 1 });
    expect(await catalogueOf(fresh()).set(errand(), aPut())).toMatchObject({
      value: { state: 'done', doubted: true },
    });
    expect(puts()).toHaveLength(2);
    expect(there.products.get('1')).toMatchObject({ quantity: 8, version: 2 });
  });

  it('remains in doubt where keys mean nothing, and counts once all the same', async () => {
    Object.assign(there, { fault: 'reset', late: true, keys: false, only: () => puts().length === 1 });
    expect(await catalogueOf(fresh()).set(errand(), aPut())).toMatchObject({
      value: { state: 'stale', doubted: true },
    });
    expect(there.products.get('1')).toMatchObject({ quantity: 8, version: 2 });
  });
});

describe('the breaker', () => {
  it('opens after a few failures, and closes again soon after the service is back', async () => {
    const catalogue = catalogueOf(fresh(1_000));
    there.fault = 'error';
    for (let n = 0; n < 10; n += 1) await catalogue.find(errand(), '1');
    expect(there.calls.length).toBeLessThanOrEqual(10);
    const opened = there.calls.length;
    expect(await catalogue.find(errand(), '1')).toMatchObject({
      error: { code: 'UNREACHABLE', doubted: false },
    });
    expect(there.calls).toHaveLength(opened);

    there.fault = null;
    await expect.poll(async () => (await catalogue.find(errand(), '1')).ok, { timeout: 20_000 }).toBe(true);
    const probed = await Promise.all(Array.from({ length: 20 }, () => catalogue.find(errand(), '1')));
    expect(probed.every(({ ok }) => ok)).toBe(true);
  });

  it('lets one caller alone find out whether the service is back', async () => {
    const catalogue = catalogueOf(fresh(700));
    there.fault = 'error';
    for (let n = 0; n < 3; n += 1) await catalogue.find(errand(), '1');
    const opened = there.calls.length;
    await sleep(750);
    await Promise.all(Array.from({ length: 20 }, () => catalogue.find(errand(), '1')));
    expect(there.calls).toHaveLength(opened + 1);
  });
});

describe('a caller whose time is over', () => {
  it('is told so, and nothing is sent', async () => {
    const over = { ...errand(), signal: AbortSignal.abort() };
    expect(await catalogueOf(fresh()).set(over, aPut())).toMatchObject({
      error: { code: 'UNREACHABLE', detail: 'PUT /products/1: no answer in time', doubted: false },
    });
    expect(there.calls).toEqual([]);
  });
});

describe('a service that is not there', () => {
  it('has certainly done nothing', async () => {
    const gone = await startStandIn();
    await gone.stop();
    const nowhere = createClient({ url: gone.url, token: null });
    expect(await catalogueOf(nowhere).set(errand(), aPut())).toMatchObject({
      error: { code: 'UNREACHABLE', doubted: false },
    });
  });
});
