import { createServer, type Server, type Socket } from 'node:net';
import type { Instant } from '@orderloom/core';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll } from 'vitest';
import type { FeedEvent } from '../feed.ts';
import type { TestApp } from '../testing.ts';

/** A mail as a mail server got it. */
export type Received = {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly header: (name: string) => string | undefined;
  readonly part: (type: string) => string;
};
type Refuse = NonNullable<SMTPServerOptions['onRcptTo']>;

const portOf = (server: Pick<Server, 'address'>): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

type MailServerOptions = {
  /** May refuse recipients. */
  readonly onRcptTo?: Refuse;
  /** Offers TLS with a certificate that nobody vouches for. */
  readonly tls?: boolean;
};

/** A real mail server on a free port, until the end of the test file. */
export async function aMailServer({ onRcptTo, tls = false }: MailServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: tls ? [] : ['STARTTLS'],
    ...(onRcptTo ? { onRcptTo } : {}),
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = envelope;
        const raw = Buffer.concat(chunks).toString('utf8');
        const to = rcptTo.map(({ address }) => address);
        received.push({ from: mailFrom ? mailFrom.address : '', to, raw, ...read(raw) });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  afterAll(stop);
  return { url: `smtp://127.0.0.1:${portOf(server.server)}`, received, stop };
}

/** Something that takes connections and never says a word. */
export async function aSilentServer(): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `smtp://127.0.0.1:${portOf(server)}`;
}

function read(raw: string): Pick<Received, 'header' | 'part'> {
  const { head, body } = split(raw);
  const boundary = /boundary="([^"]+)"/.exec(head)?.[1] ?? 'none';
  const parts = body.split(`--${boundary}`).map((part) => split(part.trimStart()));
  return {
    header: (name) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1],
    part: (type) => {
      const found = parts.find((one) => one.head.toLowerCase().includes(`content-type: ${type}`));
      return found ? decoded(found) : '';
    },
  };
}

/** Headers, unfolded, and what comes after the empty line. */
function split(text: string): { head: string; body: string } {
  const at = text.indexOf('\r\n\r\n');
  return { head: text.slice(0, at).replaceAll(/\r\n[ \t]/g, ' '), body: text.slice(at + 4) };
}

function decoded({ head, body }: { head: string; body: string }): string {
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/quoted-printable/i.test(head)) return body;
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

type EventLine = Omit<FeedEvent, 'feedSeq' | 'tenantId'>;

/** The events of a tenant as the feed brings them, oldest first. */
export async function feedOf({ db }: Pick<TestApp, 'db'>, tenantId: string): Promise<FeedEvent[]> {
  const { rows } = await db.pool.query<EventLine>(
    `select id, type, order_id as "orderId", version, from_status as "from", to_status as "to", data,
       to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
       actor_id as "actorId", command_id as "commandId", request_id as "requestId", reason
     from events where tenant_id = $1 order by id, idx`,
    [tenantId],
  );
  return rows.map((row, index) => ({ ...row, tenantId, feedSeq: index + 1 }));
}

export const testNow = (): Instant => new Date().toISOString();
