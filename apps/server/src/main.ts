import { createServer, type RequestListener, type Server } from 'node:http';
import { acquireWithin, type Database } from '@orderloom/db';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import {
  composeParts,
  createFirstAdmin,
  type House,
  openHouse,
  refuseDemo,
  seedIfEmpty,
  startWork,
  sweep,
  Unready,
  type Work,
} from './boot.ts';
import { type Config, readConfig } from './config.ts';
import type { Parts } from './context.ts';
import { demoPassword, shop1 } from './demo/people.ts';
import { type CloseDoors, openDoors } from './edge/doors.ts';
import type { Readiness } from './edge/health.ts';
import { hasMailbox } from './edge/mailbox.ts';
import type { Live } from './live.ts';
import { createLog } from './log.ts';
import type { Redis } from './redis.ts';
import { startSandbox } from './sandbox/start.ts';

const graceMs = 10_000;
// What a request waits for a connection to the database before it is told to come again.
const acquireMs = 500;
const sweepMs = 3_600_000;
const now = () => new Date().toISOString();

/** A server that listens. */
type Open = { readonly server: Server; readonly closeDoors: CloseDoors };

/** Takes the port first, so that a taken one is told at once; requests that come early wait for the app. */
async function listen({ host, port }: Config, app: Promise<RequestListener>): Promise<Open> {
  const server = createServer((req, res) => {
    void app.then(
      (handle) => handle(req, res),
      () => res.destroy(),
    );
  });
  server.requestTimeout = 15_000;
  // Longer than proxies keep a connection that nobody uses (60 s mostly): who closes it breaks what the other
  // one is sending.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 10_000;
  try {
    return { server, closeDoors: await openDoors(server, { host, port }) };
  } catch (thrown) {
    throw thrown instanceof Error ? new Unready(whyNot(thrown, { host, port })) : thrown;
  }
}

function whyNot(
  { code, message }: NodeJS.ErrnoException,
  { host, port }: Pick<Config, 'host' | 'port'>,
): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} of ${host} is taken. Choose another one: PORT=${(port % 65_535) + 1} npm start`;
  if (code === 'EACCES')
    return `Port ${port} may not be used by this user. Choose one above 1023: PORT=8000 npm start`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST=${host} is no address of this machine. Try 127.0.0.1, or 0.0.0.0 for all of them.`;
  return `The server cannot listen on ${host}:${port}: ${message}`;
}

/** With PORT=0 the system chooses, and then the public address says so too. */
function settled(config: Config, server: Server): Config {
  const address = server.address();
  if (config.port !== 0 || typeof address !== 'object' || address === null) return config;
  const publicUrl = config.publicUrl.replace(/:0$/, `:${address.port}`);
  return { ...config, port: address.port, publicUrl };
}

async function start(config: Config, log: Logger): Promise<void> {
  const readiness: Readiness = { stopping: false };
  const { promise: app, resolve: answer } = Promise.withResolvers<RequestListener>();
  const open = await listen(config, app);
  const { server } = open;
  const opening = openHouse(config, log);
  const running: Running = { ...open, readiness, log, house: opening };
  stopOnSignal(running);
  const { db, close } = await opening;
  try {
    const parts = await furnish(config, { db, log, server });
    answer(createApp(parts, readiness));
    running.live = parts.live;
    running.redis = parts.redis;
    if (!readiness.stopping) running.work = startWork(parts, now);
    setInterval(() => void sweep(parts, now()), sweepMs).unref();
    process.stdout.write(banner(parts.config));
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

type Bare = { readonly db: Database; readonly log: Logger; readonly server: Server };

/** Everything that must be so before the first request is answered. */
async function furnish(config: Config, { db, log, server }: Bare): Promise<Parts> {
  if (config.mode === 'production') await refuseDemo(db);
  const admin = await createFirstAdmin(db, config, now());
  if (admin !== null) log.info({ email: admin }, 'the first administrator was created');
  if (config.demo && (await seedIfEmpty(db, { log, at: now() }))) log.info('the demo shop was opened');
  const placed = settled(config, server);
  const gateway = placed.gateway ?? (placed.mode === 'development' ? await sandboxFor(placed, log) : null);
  acquireWithin(db, acquireMs);
  return composeParts({ ...placed, gateway }, db, log);
}

/** A development server takes cards by the sandbox; without one it is complete but for cards. */
async function sandboxFor(
  { dataDir, gatewayPort, host, port }: Config,
  log: Logger,
): Promise<Config['gateway']> {
  const here = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  const listenerUrl = `http://${here}:${port}/webhooks/gateway`;
  try {
    return await startSandbox({ dataDir, port: gatewayPort, listenerUrl });
  } catch (thrown) {
    log.warn({ err: thrown }, 'cards are refused: the sandbox did not start');
    return null;
  }
}

type Running = Open & {
  readonly readiness: Readiness;
  readonly log: Logger;
  readonly house: Promise<House>;
  live?: Live;
  redis?: Redis | null;
  work?: Work;
};

/** The first signal finishes what has begun, the second one does not wait. */
function stopOnSignal(running: Running): void {
  const onSignal = (signal: string) => {
    if (running.readiness.stopping) process.exit(130);
    running.readiness.stopping = true;
    running.log.info({ signal }, 'stopping');
    void stop(running).then(
      () => process.exit(0),
      (thrown: unknown) => {
        running.log.error({ err: thrown }, 'the server did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

async function stop(running: Running): Promise<void> {
  const { server, closeDoors, house, log } = running;
  running.live?.close();
  const patience = setTimeout(() => server.closeAllConnections(), graceMs);
  // A connection that has given its last answer would otherwise be kept open for the next question.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  await closeDoors();
  clearTimeout(patience);
  clearInterval(idle);
  await running.work?.stop();
  running.redis?.close();
  await (await house).close();
  log.info('stopped');
}

function banner(config: Config): string {
  const { publicUrl, mode, demo } = config;
  const seconds = (performance.now() / 1000).toFixed(1);
  const [admin] = shop1.people;
  const lines = [
    `Orderloom is ready after ${seconds} s (${mode}). Ctrl-C stops it.`,
    '',
    `  Console     ${publicUrl}/admin/`,
    ...(demo ? [`  Sign in     ${admin?.email} with ${demoPassword}`] : []),
    `  API         ${publicUrl}/docs`,
    ...(hasMailbox(config) && config.smtpUrl === null ? [`  Mailbox     ${publicUrl}/dev/mailbox`] : []),
  ];
  return `\n${[...lines, ...(demo ? curl(publicUrl) : [])].join('\n')}\n\n`;
}

const curl = (publicUrl: string): string[] => [
  '',
  '  Place an order, and watch it in the console:',
  '',
  `curl -X POST ${publicUrl}/order/ -H 'Authorization: Bearer olm_test_customer' \\`,
  `  -H 'Content-Type: application/json' -d '{"customer_id": 1, "product_id": 1, "quantity": 2}'`,
];

const config = readConfig();
const log = createLog(config);
// What cannot be said, on a full disk or to a reader who has left, ends nothing.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.on('uncaughtException', (thrown) => {
  log.fatal({ err: thrown }, 'the server is broken and ends');
  process.exitCode = 1;
  log.flush(() => process.exit(1));
});
start(config, log).catch((thrown: unknown) => {
  if (thrown instanceof Unready) process.stderr.write(`${thrown.message}\n`);
  else log.fatal({ err: thrown }, 'the server could not start');
  log.flush(() => process.exit(1));
});
