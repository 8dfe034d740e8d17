import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, nanos, type NatsConnection } from '@nats-io/transport-node';
import type { CloudEvent, Publisher } from './broker.ts';

const stream = 'ORDERLOOM';
const root = 'orderloom';
const timeoutMs = 5_000;
const duplicatesMs = 600_000;

/**
 * Publishes to NATS JetStream as `orderloom.<tenant>.<type>`, each event under its id: it is kept once.
 * The connection is made when it is needed, and made anew after it has failed.
 */
export function natsPublisher(url: string): Publisher {
  let opening: Promise<NatsConnection> | undefined;
  const connection = (): Promise<NatsConnection> => {
    opening ??= open(url).catch((thrown: unknown) => {
      opening = undefined;
      throw thrown;
    });
    return opening;
  };
  const close = async () => {
    const last = await opening?.catch(() => undefined);
    opening = undefined;
    await last?.close();
  };
  return {
    publish: async (event) => {
      const nats = await connection();
      try {
        await send(nats, event);
      } catch (thrown) {
        // With the next event we begin anew: the server may be another one, and without our stream.
        if (opening !== undefined && (await opening) === nats) await close();
        throw thrown;
      }
    },
    close,
  };
}

async function open(url: string): Promise<NatsConnection> {
  const { protocol, host, username, password } = new URL(url);
  const user =
    username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  const tls = protocol === 'tls:' ? { tls: {} } : {};
  const how = { name: 'orderloom', timeout: timeoutMs, reconnect: false };
  const nats = await connect({ servers: host, ...how, ...user, ...tls });
  try {
    const manager = await jetstreamManager(nats, { timeout: timeoutMs });
    const subjects = [`${root}.>`];
    await manager.streams
      .find(`${root}.>`)
      .catch(() => manager.streams.add({ name: stream, subjects, duplicate_window: nanos(duplicatesMs) }));
    return nats;
  } catch (thrown) {
    await nats.close();
    throw thrown;
  }
}

async function send(nats: NatsConnection, event: CloudEvent): Promise<void> {
  const subject = `${root}.${event.tenantid}.${event.type}`;
  await jetstream(nats).publish(subject, JSON.stringify(event), { msgID: event.id, timeout: timeoutMs });
}
