import { createServer, type IncomingMessage } from 'node:http';
import { Client } from 'pg';
import { naiveOrder } from './yardstick.ts';

// The smallest service that takes an order over HTTP: the naive transaction, statement by statement.
const [connectionString = '', port = '0'] = process.argv.slice(2);
const idle: Client[] = [];
const connected = async () => {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
};

createServer((asking, answer) => {
  const work = async () => {
    JSON.parse(await textOf(asking));
    const client = idle.pop() ?? (await connected());
    await naiveOrder(client, 'B');
    idle.push(client);
    answer.setHeader('content-type', 'application/json');
    answer.end('{"status":"ok"}');
  };
  work().catch((thrown: unknown) => answer.writeHead(500).end(String(thrown)));
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));

async function textOf(asking: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of asking) text += String(piece);
  return text;
}
