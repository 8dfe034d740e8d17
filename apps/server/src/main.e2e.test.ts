import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { aShop, call, startApp } from './testing.ts';
import { quickStart } from './testing/process.ts';
import { freePort } from './testing/program.ts';

const app = await startApp();
const shop = await aShop(app);

type Run = {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
};
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

const given = (env: Record<string, string>) => {
  const home = process.env['PATH'];
  return { PATH: home, DATABASE_URL: app.db.url, DEMO: 'off', PORT: '0', ...quickStart, ...env };
};

/** The real command, with nothing in its environment but what is given. */
function run(file: 'main' | 'cli', args: readonly string[], env: Record<string, string> = {}): Run {
  const path = fileURLToPath(new URL(`./${file}.ts`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], {
    env: given(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  return { child, said: () => said, ended };
}
const finished = async (...what: Parameters<typeof run>) => {
  const { ended, said } = run(...what);
  return { code: await ended, said: said() };
};
async function started(env: Record<string, string> = {}): Promise<Run & { readonly url: string }> {
  const server = run('main', [], env);
  const inTime = Date.now() + 60_000;
  for (;;) {
    const url = /Console +(http:\S+)\/admin\//.exec(server.said())?.[1];
    if (url !== undefined) return { ...server, url };
    if (Date.now() > inTime) throw new Error(server.said());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const production = {
  NODE_ENV: 'production',
  SECRET_KEY: 'a secret that is long enough for this',
  PUBLIC_URL: 'https://shop.example.com',
};

describe('starting', () => {
  it('says where everything is once it answers', async () => {
    const { url, said } = await started();
    expect((await call({ url }, '/readyz')).status).toBe(200);
    expect(said()).toContain(`API         ${url}/docs`);
  });

  it('waits for a database that comes later, and slowly', async () => {
    const port = await freePort();
    const address = new URL(app.db.url);
    const target = Number(address.port);
    address.port = String(port);
    const early = run('main', [], { DATABASE_URL: address.href, LOG_LEVEL: 'WARNING' });
    await expect.poll(early.said, { timeout: 60_000 }).toContain('the database does not answer yet');
    const line = createTcpServer((near) => {
      near.on('error', () => {});
      setTimeout(() => {
        const far = connect(target, '127.0.0.1').on('error', () => near.destroy());
        near.pipe(far).pipe(near);
      }, 1_000);
    });
    await once(line.listen(port, '127.0.0.1'), 'listening');
    await expect.poll(early.said, { timeout: 60_000 }).toContain('Orderloom is ready');
    early.child.kill('SIGKILL');
    await early.ended;
    line.close();
  });

  it.skipIf(!existsSync('/dev/full'))('goes on when its log cannot be written', async () => {
    const port = await freePort();
    const env = given({ PORT: String(port), LOG_LEVEL: 'DEBUG' });
    const full = openSync('/dev/full', 'w');
    const main = fileURLToPath(new URL('./main.ts', import.meta.url));
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', full, full] });
    running.add(child);
    const url = `http://127.0.0.1:${port}`;
    const ready = () =>
      call({ url }, '/readyz').then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(ready, { timeout: 60_000 }).toBe(200);
    for (let calls = 0; calls < 20; calls += 1) await call({ url }, '/orders');
    expect(await ready()).toBe(200);
    expect(child.exitCode).toBe(null);
  });

  it('on a taken port says so, and how to choose another one', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const { code, said } = await finished('main', [], { PORT: String(port) });
    other.close();
    expect(code).toBe(1);
    expect(said.trim()).toBe(
      `Port ${port} of 127.0.0.1 is taken. Choose another one: PORT=${(port % 65_535) + 1} npm start`,
    );
  });

  it('with wrong settings says all that is wrong', async () => {
    const { code, said } = await finished('main', [], { PORT: 'eight', LOG_LEVEL: 'loud' });
    expect(code).toBe(1);
    expect(said).toContain('PORT: found "eight"');
    expect(said).toContain('LOG_LEVEL: found "loud"');
  });

  it('in production is refused while the database holds tokens for tests', async () => {
    const { code, said } = await finished('main', [], production);
    expect(code).toBe(1);
    expect(said).toContain('This database holds demo data, so it is not served in production:');
    expect(said).toContain(`${shop.tenant.tenantId}: token olm_test`);
    expect(said).not.toContain(shop.admin.token);
  });
});

describe('stopping', () => {
  const inTime = { timeout: 20_000, interval: 20 };
  const waiting = `select from pg_locks where not granted and relation = 'customers'::regclass`;
  /** So many requests have come as far as the table that somebody holds. */
  const waitAtLock = (requests: number) =>
    expect.poll(async () => (await app.db.pool.query(waiting)).rowCount, inTime).toBe(requests);
  const takesNoMore = (url: string) =>
    expect
      .poll(() => call({ url }, '/healthz').then(() => 'answered', String), inTime)
      .toContain('fetch failed');

  it('finishes what has begun, takes no more, and ends well', async () => {
    const { url, child, ended } = await started();
    const blocker = await app.db.pool.connect();
    await blocker.query('begin; lock table customers in access exclusive mode');
    // Each over a connection of its own, by whichever listener it came in.
    const slow = Array.from({ length: 6 }, () =>
      call({ url }, '/order/customers', { token: shop.staff.token }),
    );
    await waitAtLock(6);
    child.kill('SIGTERM');
    await takesNoMore(url);
    await blocker.query('rollback');
    blocker.release();
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual(slow.map(() => 200));
    expect(await ended).toBe(0);
  });

  it('does not wait for anything at the second signal', async () => {
    const { url, child, ended } = await started();
    const blocker = await app.db.pool.connect();
    await blocker.query('begin; lock table customers in access exclusive mode');
    const slow = call({ url }, '/order/customers', { token: shop.staff.token }).catch(() => 'gone');
    await waitAtLock(1);
    child.kill('SIGINT');
    await takesNoMore(url);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(await slow).toBe('gone');
    await blocker.query('rollback');
    blocker.release();
  });
});

describe('the command line', () => {
  it('explains itself', async () => {
    const { code, said } = await finished('cli', ['--help']);
    expect(code).toBe(0);
    for (const command of ['migrate', 'rollback', 'seed', 'check', 'create-superuser', 'create-token'])
      expect(said).toContain(command);
    expect((await finished('cli', ['constructor'])).code).toBe(1);
    expect((await finished('cli', ['check', '--nonsense'])).code).toBe(2);
  });

  it('finds no differences in a healthy database', async () => {
    const { code, said } = await finished('cli', ['check']);
    expect(said).toMatch(/^0 differences in \d+ tenants$/m);
    expect(code).toBe(0);
  });

  it('makes a super user who can sign in, and a tenant with it', async () => {
    const who = ['--email', 'Boss@Example.com', '--password', 'a long password here'];
    const made = await finished('cli', ['create-superuser', ...who, '--tenant', 'new-shop']);
    expect(made).toMatchObject({
      code: 0,
      said: expect.stringContaining('boss@example.com administers new-shop.'),
    });
    const again = await finished('cli', ['create-superuser', ...who, '--tenant', 'new-shop']);
    expect(again).toMatchObject({ code: 1, said: expect.stringContaining('is taken by another user') });
    const { rows } = await app.db.pool.query(`select role from principals where email = 'boss@example.com'`);
    expect(rows).toEqual([{ role: 'admin' }]);
  });

  it('makes a token that works, and no more than its owner may', async () => {
    const { email } = shop.staff;
    const { code, said } = await finished('cli', ['create-token', '--email', email]);
    expect(code).toBe(0);
    const token = said.trim();
    expect((await call(app, '/order/customers', { token })).status).toBe(200);
    const greedy = await finished('cli', ['create-token', '--email', email, '--scopes', 'users:admin']);
    expect(greedy).toMatchObject({ code: 1, said: expect.stringContaining('more than staff may') });
  });

  it('asks nobody when nobody is there', async () => {
    const { code, said } = await finished('cli', ['create-superuser']);
    expect(code).toBe(1);
    expect(said).toContain('Give it as an option');
  });
});
