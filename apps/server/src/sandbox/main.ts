import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { sandbox } from './serve.ts';
import { openStore } from './store.ts';
import { tell } from './tell.ts';

/** What the process that starts it says, once. */
const Orders = z.strictObject({
  port: z.int(),
  dataDir: z.string().nullable(),
  key: z.string(),
  listener: z.strictObject({ url: z.string(), secret: z.string() }).nullable(),
  lateMs: z.int().optional(),
});

function begin({ port, dataDir, key, listener, lateMs }: z.output<typeof Orders>): void {
  const store = openStore(dataDir === null ? null : join(dataDir, 'sandbox-charges.jsonl'));
  const newId = () => randomBytes(12).toString('hex');
  const around = { newId, nowMs: () => performance.timeOrigin + performance.now() };
  const server = createServer(
    sandbox({
      store,
      key,
      newId,
      ...(lateMs === undefined ? {} : { lateMs }),
      tell: (statement) => void (listener && tell(listener, statement, around)),
    }),
  );
  server.once('error', (thrown) => {
    process.stderr.write(`The card sandbox cannot listen: ${thrown.message}\n`);
    process.exit(1);
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    process.send?.({ port: typeof address === 'object' && address ? address.port : port });
  });
}

process.once('message', (said) => begin(Orders.parse(said)));
// It ends with the server, however that ends; signals to the whole group are the server's to answer.
process.once('disconnect', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
