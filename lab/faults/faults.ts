import { globSync } from 'node:fs';
import type { Chance } from '../../apps/server/src/demo/chance.ts';
import { shop } from '../../bench/shop.ts';
import { fillDisk } from './disk.ts';
import { holdAll } from './exhaust.ts';
import type { Proxy, Trouble } from './proxy.ts';
import type { Line, Slot, World } from './world.ts';

/** Something bad that happens for a while, and what ends it. */
export type Fault = {
  readonly name: string;
  /** After its end, new orders succeed at every server within so many seconds. */
  readonly recoversIn: number;
  /** In another world than the usual one: with a warehouse elsewhere, or on a small disk. */
  readonly place?: 'warehouse' | 'disk';
  /** Whether the quick set, of four minutes on a quiet machine, has it too. */
  readonly quick: boolean;
  /** Why it cannot be had on this machine. */
  readonly missing?: (world: World) => string | null;
  /** Does it; what is answered ends it. */
  readonly strike: (world: World, luck: Chance) => Promise<() => Promise<void>>;
};

const oneOf = ({ servers: [a, b] }: World, luck: Chance): Slot => luck.pick([a, b]);
const nothing = async () => {};

const killing: readonly Fault[] = [
  {
    name: 'server-kill',
    recoversIn: 10,
    quick: true,
    strike: async (world, luck) => {
      const slot = oneOf(world, luck);
      await slot.server.kill();
      return () => slot.start();
    },
  },
  {
    name: 'server-pause',
    recoversIn: 10,
    quick: true,
    strike: async (world, luck) => {
      const { server } = oneOf(world, luck);
      server.signal('SIGSTOP');
      return async () => server.signal('SIGCONT');
    },
  },
  {
    name: 'server-stop',
    recoversIn: 10,
    quick: true,
    strike: async (world, luck) => {
      const slot = oneOf(world, luck);
      const code = await slot.server.stop();
      if (code !== 0) throw new Error(`server ${slot.name} stopped with ${code}`);
      return () => slot.start();
    },
  },
  {
    name: 'postgres-kill',
    recoversIn: 10,
    quick: true,
    strike: async ({ postgres, aim }) => {
      await postgres.kill();
      return async () => {
        await postgres.start();
        aim();
      };
    },
  },
  {
    name: 'backend-kill',
    recoversIn: 10,
    quick: true,
    strike: async ({ db, postgres }) => {
      const busy = `select pid from pg_stat_activity where application_name = 'orderloom'
        order by state = 'active' desc, state like 'idle in%' desc limit 1`;
      const [found] = (await db.pool.query<{ pid: number }>(busy)).rows;
      if (found) postgres.killBackend(found.pid);
      return nothing;
    },
  },
  {
    name: 'postgres-pause',
    recoversIn: 10,
    quick: true,
    strike: async ({ postgres }) => {
      postgres.signalAll('SIGSTOP');
      return async () => postgres.signalAll('SIGCONT');
    },
  },
];

const noRedis = ({ redis }: World) => (redis === null ? 'redis-server is not installed' : null);

const whereabouts = (line: Line): Partial<Fault> =>
  line === 'redis' ? { missing: noRedis } : line === 'warehouse' ? { place: 'warehouse' } : {};

/** Every line can have every trouble. */
const onLine = (line: Line, trouble: Trouble, quick: boolean): Fault => ({
  name: `${line}-${trouble.is}`,
  recoversIn: 10,
  quick,
  ...whereabouts(line),
  strike: async ({ lines }) => {
    await lines[line].trouble(trouble);
    return () => lines[line].trouble(null);
  },
});

const resets = (line: Line, quick: boolean): Fault => ({
  name: `${line}-reset`,
  recoversIn: 10,
  quick,
  ...whereabouts(line),
  strike: async ({ lines }) => {
    const stop = again(lines[line]);
    return async () => stop();
  },
});

/** Resets all connections of a line twice a second. */
function again(line: Proxy): () => void {
  line.reset();
  const timer = setInterval(() => line.reset(), 500);
  return () => clearInterval(timer);
}

const latency: Trouble = { is: 'latency', ms: 40, jitterMs: 40 };
const trickle: Trouble = { is: 'trickle', bytes: 256, everyMs: 10 };
const cut: Trouble = { is: 'cut', afterBytes: 20_000 };
const halfOpen: Trouble = { is: 'half-open' };
const refuse: Trouble = { is: 'refuse' };

const onLines = (line: Line, quick: readonly string[]): Fault[] => [
  ...[latency, trickle, cut, halfOpen, refuse].map((trouble) =>
    onLine(line, trouble, quick.includes(trouble.is)),
  ),
  resets(line, quick.includes('reset')),
];

const dying = (name: 'redis' | 'gateway' | 'warehouse'): Fault => ({
  name: `${name}-kill`,
  recoversIn: 10,
  quick: true,
  ...whereabouts(name),
  strike: async (world) => {
    await world[name]?.kill();
    return async () => world[name]?.start();
  },
});

/** As whoever supervises it does: a database that ended because it could not write is started again. */
async function revive({ postgres, aim }: World): Promise<void> {
  if (postgres.alive()) return;
  await postgres.start();
  aim();
}

const faketime = () => globSync('/usr/lib/*/faketime/libfaketime.so.1')[0];

const strange: readonly Fault[] = [
  {
    name: 'connections-exhausted',
    recoversIn: 10,
    quick: true,
    strike: ({ db, postgres, lines }) => holdAll(db, { url: postgres.url(), reset: lines.database.reset }),
  },
  {
    name: 'rows-locked',
    recoversIn: 10,
    quick: true,
    strike: async ({ db }) => {
      const holder = await db.pool.connect();
      await holder.query('begin');
      await holder.query('select 1 from stock_levels where tenant_id = $1 for update', [shop.tenantId]);
      return async () => {
        await holder.query('rollback');
        holder.release();
      };
    },
  },
  {
    name: 'clock-skew',
    recoversIn: 10,
    quick: false,
    missing: () => (faketime() === undefined ? 'libfaketime is not installed' : null),
    strike: async (world, luck) => {
      const slot = oneOf(world, luck);
      await slot.server.kill();
      const FAKETIME = luck.pick(['+2h', '-2h']);
      await slot.start({ LD_PRELOAD: faketime() ?? '', FAKETIME, FAKETIME_DONT_FAKE_MONOTONIC: '1' });
      return async () => {
        await slot.server.kill();
        await slot.start();
      };
    },
  },
];

export const faults: readonly Fault[] = [
  ...killing,
  ...onLines('database', ['cut', 'half-open', 'refuse']),
  ...onLines('redis', ['half-open']),
  dying('redis'),
  ...onLines('gateway', ['half-open']),
  dying('gateway'),
  ...onLines('mail', ['cut']),
  ...strange,
  ...onLines('warehouse', ['half-open']),
  dying('warehouse'),
  {
    name: 'disk-full',
    recoversIn: 15,
    quick: true,
    place: 'disk',
    strike: async (world) => {
      const ballast = fillDisk(world.dir);
      return async () => {
        ballast.drop();
        await revive(world);
      };
    },
  },
];
