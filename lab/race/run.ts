import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isWhole, refuseUnknown } from '../arguments.ts';
import { startCluster } from '../cluster.ts';
import { type Installation, startInstallation } from '../installation.ts';
import { broken, summaryOf } from '../verdicts.ts';
import type { Try } from './client.ts';
import { arenaAt, race, scenarios, type Size } from './race.ts';
import { planted, selfTest } from './self-test.ts';

const names = scenarios.map(({ name }) => name);
const usage = `pnpm racelab                  at two servers on a database of its own, which go away again
pnpm racelab --self-test      takes away one defence after the other: the lab must notice each
  --url URL                   at an installation that runs; once for each of its servers
  --token TOKEN               of an administrator there
  --stranger-token TOKEN      of an administrator of another tenant there
  --clients 200 --stock 50    how many want how much
  --seed N                    the same luck again
  --only NAME                 ${names.join(', ')}; repeatable;
                              with --self-test: ${planted.join(', ')}`;

const text = { type: 'string' } as const;
const many = { type: 'string', multiple: true } as const;
const { values } = parseArgs({
  options: {
    url: many,
    token: text,
    'stranger-token': text,
    clients: text,
    stock: text,
    seed: text,
    only: many,
    'self-test': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});

const say = (line: string) => console.log(line);

function numberOf(given: string | undefined, otherwise: number): number {
  const number = Number(given ?? otherwise);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new RangeError(`${given} is no whole number above 0\n\n${usage}`);
}

/** The installation that was named, or one of our own. */
async function opened(): Promise<Installation> {
  const [first, ...others] = values.url ?? [];
  if (first !== undefined) {
    const { token, 'stranger-token': strangerToken = null } = values;
    if (token === undefined) throw new RangeError(`--url needs --token\n\n${usage}`);
    const bare = (url: string) => url.replace(/\/+$/, '');
    return { urls: [bare(first), ...others.map(bare)], token, strangerToken, db: null, stop: async () => {} };
  }
  const cluster = await startCluster();
  try {
    const own = await startInstallation(await cluster.fresh());
    const stop = async () => {
      await own.stop();
      await cluster.stop();
    };
    return { ...own, stop };
  } catch (thrown) {
    await cluster.stop();
    throw thrown;
  }
}

async function run(size: Size): Promise<boolean> {
  const { only = [] } = values;
  const all = scenarios.filter(({ name }) => only.length === 0 || only.includes(name));
  const at = await opened();
  const history: Try[] = [];
  say(`${at.urls.length} servers, ${size.clients} clients, seed ${size.seed}`);
  try {
    const verdicts = await race(at, arenaAt(at, size, history), { all, say });
    say(`${summaryOf(verdicts)}; ${history.length} requests; seed ${size.seed}`);
    if (broken(verdicts).length === 0) return true;
    const file = join(tmpdir(), `orderloom-race-${size.seed}.jsonl`);
    writeFileSync(file, history.map((one) => `${JSON.stringify(one)}\n`).join(''));
    say(`every request and its answer: ${file}`);
    return false;
  } finally {
    await at.stop();
  }
}

if (values.help) say(usage);
else {
  refuseUnknown(values.only ?? [], values['self-test'] ? planted : names, isWhole);
  const seed = numberOf(values.seed, 1 + (Date.now() % 1_000_000));
  const size = { clients: numberOf(values.clients, 200), stock: numberOf(values.stock, 50), seed };
  process.exitCode = (
    values['self-test'] ? await selfTest({ seed, only: values.only ?? [] }, say) : await run(size)
  )
    ? 0
    : 1;
}
