import { spawn } from 'node:child_process';
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { identityOf, readLock, serves, until } from './embedded-process.ts';
import { startEmbedded, type Embedded } from './embedded.ts';

const made: string[] = [];
const running: Embedded[] = [];
const dataDirectory = async (mode = 0o755) => {
  const path = await mkdtemp(join(tmpdir(), 'orderloom-embedded-'));
  await chmod(path, mode);
  made.push(path);
  return join(path, '.data');
};
const start = async (dataDir: string, durable = false) => {
  const server = await startEmbedded({ dataDir, durable });
  running.push(server);
  return server;
};
const ask = async (url: string, sql: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ answer: unknown }>(sql)).rows.map(({ answer }) => answer);
  } finally {
    await client.end();
  }
};
const serverOf = async (dataDir: string) => (await readLock(join(dataDir, 'postgres')))?.pid ?? 0;
const kill = async (pid: number) => {
  process.kill(pid, 'SIGKILL');
  await until(() => identityOf(pid) === undefined, 5_000);
};

/** A process of its own that starts the server and waits to be killed. */
async function startElsewhere(dataDir: string) {
  const module = JSON.stringify(new URL('./embedded.ts', import.meta.url).href);
  const options = JSON.stringify({ dataDir, durable: false });
  const script = `import { startEmbedded } from ${module};
    console.log((await startEmbedded(${options})).url); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
  });
  return { url, pid: child.pid ?? 0 };
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  for (const path of made.splice(0)) await rm(path, { recursive: true, force: true });
});

describe('the embedded database', () => {
  it('keeps its data and its password over a stop and a start', async () => {
    const dataDir = await dataDirectory();
    const first = await start(dataDir);
    await ask(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    await expect(ask(first.url, 'select 1 as answer')).rejects.toThrow('ECONNREFUSED');

    const second = await start(dataDir);
    expect(await ask(second.url, 'select answer from kept')).toEqual([42]);
    expect(new URL(second.url).password).toBe(new URL(first.url).password);
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain('not properly shut down');
  });

  it('lets nobody in without the password', async () => {
    const { url } = await start(await dataDirectory());
    await expect(ask(url.replace(/:[^:@]+@/, ':guess@'), 'select 1 as answer')).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('sorts text alike on every system', async () => {
    const { url } = await start(await dataDirectory());
    const sql = `select x as answer from unnest(array['b', 'ä', 'a', 'B']) x order by x`;
    expect(await ask(url, sql)).toEqual(['B', 'a', 'b', 'ä']);
  });

  it('loses nothing that was committed when it is killed', async () => {
    const dataDir = await dataDirectory();
    const first = await start(dataDir, true);
    await ask(first.url, 'create table kept as select 42 as answer');
    await kill(await serverOf(dataDir));
    await first.stop();

    const second = await start(dataDir);
    expect(await ask(second.url, 'select answer from kept')).toEqual([42]);
  });

  it('recovers when its former number belongs to a process that has ended but is not reaped', async () => {
    const dataDir = await dataDirectory();
    await (await start(dataDir)).stop();
    const parent = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const zombie = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (chunk) => resolve(Number(chunk)));
    });
    await until(() => identityOf(zombie) === undefined, 5_000);
    const forged = [zombie, join(dataDir, 'postgres'), 1, 1, '', '127.0.0.1', '0 0', 'ready', ''].join('\n');
    await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), forged);

    const { url } = await start(dataDir);
    expect(await ask(url, 'select 1 as answer')).toEqual([1]);
    parent.kill('SIGKILL');
  });

  it('is found again when the process that started it was killed', async () => {
    const dataDir = await dataDirectory();
    const elsewhere = await startElsewhere(dataDir);
    const server = await serverOf(dataDir);
    await kill(elsewhere.pid);

    const found = await start(dataDir);
    expect(found.url).toBe(elsewhere.url);
    expect(await serverOf(dataDir)).toBe(server);
    await found.stop();
    expect(serves(server, join(dataDir, 'postgres'))).toBe(false);
  });

  it('is shared with a second process, whose stop leaves it running', async () => {
    const dataDir = await dataDirectory();
    const elsewhere = await startElsewhere(dataDir);
    const second = await start(dataDir);
    await second.stop();
    expect(second.url).toBe(elsewhere.url);
    expect(await ask(elsewhere.url, 'select 1 as answer')).toEqual([1]);
    await kill(elsewhere.pid);
    await start(dataDir);
  });

  it('is started once when two ask at the same time', async () => {
    const dataDir = await dataDirectory();
    const [one, two] = await Promise.all([start(dataDir), start(dataDir)]);
    expect(one.url).toBe(two.url);
  });

  it('says what the server said when it does not start', async () => {
    const dataDir = await dataDirectory();
    await (await start(dataDir)).stop();
    await appendFile(join(dataDir, 'postgres', 'postgresql.conf'), '\nnonsense = on\n');
    await expect(start(dataDir)).rejects.toThrow('unrecognized configuration parameter "nonsense"');
  });

  it('does not touch a directory that is not its own', async () => {
    const dataDir = await dataDirectory();
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'letter.txt'), 'keep me');
    await expect(start(dataDir)).rejects.toThrow('ENOTEMPTY');
    expect(await readFile(join(dataDir, 'postgres', 'letter.txt'), 'utf8')).toBe('keep me');
  });

  it.runIf(process.getuid?.() === 0)('starts in a directory that only root may enter', async () => {
    const { url } = await start(await dataDirectory(0o700));
    expect(await ask(url, 'select 1 as answer')).toEqual([1]);
  });
});
