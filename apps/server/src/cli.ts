import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { ok, type Scope, scopesOf } from '@orderloom/core';
import {
  check,
  type Database,
  migrateOpenly,
  missingMigrations,
  replayEvents,
  rollback,
  tenantIds,
  transact,
} from '@orderloom/db';
import { openHouse, seedIfEmpty, Unready } from './boot.ts';
import { type Config, readConfig } from './config.ts';
import { createLog } from './log.ts';
import { createSuperuser } from './users/superuser.ts';
import { issueToken } from './users/issue-token.ts';

const usage = `orderloom <command>

  migrate            bring the database up to date
  rollback           take the newest migration back
  seed               fill an empty database with the demo shop
  check              recompute every invariant; prints the differences, and fails when there are any
  replay             tell the broker again what was published
                       --after N [--tenant]; feed numbers, 0 for all
  create-superuser   make an administrator, and the tenant when it is not there
                       --email --password --tenant [--name] [--currency]; what is left out is asked for
  create-token       make an API token for a user; it is printed once
                       --email [--scopes a,b] [--days 90] [--name]

The database is the one that the settings name (DATABASE_URL, POSTGRES_*, DATA_DIR);
a running server is not in the way.`;

const { values: flags, positionals } = readArguments();

function readArguments() {
  const text = { type: 'string' } as const;
  const options = {
    email: text,
    password: text,
    tenant: text,
    name: text,
    currency: text,
    scopes: text,
    days: text,
    after: text,
  };
  try {
    return parseArgs({
      allowPositionals: true,
      options: { ...options, help: { type: 'boolean', short: 'h' } },
    });
  } catch (thrown) {
    console.error(`${thrown instanceof Error ? thrown.message : String(thrown)}\n\n${usage}`);
    process.exit(2);
  }
}

type Tools = { readonly db: Database; readonly config: Config; readonly at: string };

const commands: Record<string, (tools: Tools) => Promise<boolean>> = {
  async migrate({ db }) {
    const done = await migrateOpenly(db);
    console.log(
      done.length === 0 ? 'Nothing to do: the database is up to date.' : `Done: ${done.join(', ')}`,
    );
    return true;
  },
  async rollback({ db }) {
    const done = await rollback(db);
    console.log(done.length === 0 ? 'There is nothing to take back.' : `Taken back: ${done.join(', ')}`);
    return true;
  },
  async seed({ db, config, at }) {
    if (config.mode === 'production') throw new Unready('Production holds no demo data.');
    await migrateOpenly(db);
    const seeded = await seedIfEmpty(db, { log: createLog(config), at });
    console.log(seeded ? 'The demo shop is open.' : 'The database is not empty, so nothing was changed.');
    return true;
  },
  async check({ db }) {
    const missing = await missingMigrations(db);
    if (missing.length > 0) throw new Unready(`Migrate first; missing: ${missing.join(', ')}`);
    const differences = await check(db);
    for (const difference of differences) console.log(JSON.stringify(difference));
    const tenants = await tenantIds(db);
    console.log(`${differences.length} differences in ${tenants.length} tenants`);
    return differences.length === 0;
  },
  replay,
  'create-superuser': superuser,
  'create-token': token,
};

async function replay({ db }: Tools): Promise<boolean> {
  const after = Number(flags.after ?? Number.NaN);
  if (!Number.isSafeInteger(after) || after < 0) throw new Unready('--after is a feed number, 0 for all.');
  const tenants = await tenantIds(db);
  const chosen = tenants.filter((id) => flags.tenant === undefined || flags.tenant === id);
  if (chosen.length === 0) throw new Unready('There is no such tenant.');
  for (const tenantId of chosen) {
    const told = await transact(db, { tenantId, role: 'worker', statementTimeout: '10min' }, async (em) =>
      ok(await replayEvents(em, tenantId, { consumer: 'broker', after })),
    );
    console.log(`${tenantId}: ${told.ok ? told.value : 0} events wait for the broker`);
  }
  return true;
}

async function superuser({ db, config, at }: Tools): Promise<boolean> {
  await migrateOpenly(db);
  const email = (flags.email ?? (await ask('E-mail: '))).trim().toLowerCase();
  const password = flags.password ?? (await ask('Password (12 characters or more): ', { hidden: true }));
  const tenantId = flags.tenant ?? ((await ask(`Tenant [${config.defaultTenantId ?? 'main'}]: `)) || null);
  const { name, currency } = flags;
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new Unready(`"${email}" is not an e-mail address.`);
  if (password.length < 12 || password.length > 128)
    throw new Unready('A password has 12 to 128 characters.');
  const tenant = tenantId ?? config.defaultTenantId ?? 'main';
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(tenant)) throw new Unready(`"${tenant}" cannot be a tenant's id.`);
  const created = await createSuperuser(db, { email, password, tenantId: tenant, name, currency, at });
  if (created.ok) console.log(`${email} administers ${tenant}.`);
  else if (created.error.code === 'ALREADY_EXISTS') throw new Unready(`${email} is taken by another user.`);
  else throw new Unready(`That was refused: ${JSON.stringify(created.error)}`);
  return true;
}

async function token({ db, config, at }: Tools): Promise<boolean> {
  const days = Number(flags.days ?? 90);
  if (!Number.isInteger(days) || days < 1 || days > 365) throw new Unready('--days is 1 to 365.');
  const asked = flags.scopes?.split(',').map((scope) => scope.trim());
  const unknown = asked?.filter((scope) => !isScope(scope)) ?? [];
  if (unknown.length > 0) throw new Unready(`There is no scope ${unknown.join(', ')}.`);
  const email = (flags.email ?? (await ask('E-mail of the owner: '))).trim().toLowerCase();
  const scopes = asked?.filter(isScope);
  const issued = await issueToken(db, {
    email,
    name: flags.name ?? 'Command line',
    scopes,
    days,
    at,
    ...config,
  });
  if (!issued.ok) throw new Unready(`That was refused: ${JSON.stringify(issued.error)}`);
  console.log(issued.value);
  return true;
}

const isScope = (word: string): word is Scope => scopesOf.admin.some((scope) => scope === word);

/** Asks on the terminal; a hidden answer is not shown while it is typed. */
async function ask(question: string, { hidden = false } = {}): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Unready(`Give it as an option: nobody is there to ask for "${question.trim()}"`);
  let muted = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!muted) process.stdout.write(chunk);
      done();
    },
  });
  const prompt = createInterface({ input: process.stdin, output, terminal: true });
  const answer = prompt.question(question);
  muted = hidden;
  try {
    return await answer;
  } finally {
    prompt.close();
    if (hidden) process.stdout.write('\n');
  }
}

async function run(): Promise<boolean> {
  const [name = ''] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (flags.help || !command) {
    console.log(usage);
    return flags.help === true;
  }
  const config = readConfig();
  // What a command does is told by the command; the log is for what goes wrong.
  const log = createLog({ ...config, logLevel: 'warn' });
  const house = await openHouse(config, log, { migrated: false });
  try {
    return await command({ db: house.db, config, at: new Date().toISOString() });
  } finally {
    await house.close();
  }
}

run().then(
  (done) => process.exit(done ? 0 : 1),
  (thrown: unknown) => {
    console.error(thrown instanceof Unready ? thrown.message : thrown);
    process.exit(1);
  },
);
