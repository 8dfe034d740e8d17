import type { EntityManager } from '@mikro-orm/postgresql';
import { rows, run } from '../sql.ts';

// Word for word as the index has it.
const awaited = `attempt ->> 'state' in ('asked', 'waiting') and not expired and case attempt ->> 'operation'
      when 'refund' then refunded_minor < (attempt ->> 'target')::bigint
      when 'void' then voided_minor < (attempt ->> 'target')::bigint
      when 'authorize' then authorized_minor < (attempt ->> 'target')::bigint
      else captured_minor < (attempt ->> 'target')::bigint and captured_minor + voided_minor < amount_minor
    end`;

/** Orders with a payment of which a gateway's word has not come for a while; any of them, in any order. */
export async function ordersAwaitingGateway(
  em: EntityManager,
  tenantId: string,
  { quietSeconds, limit }: { readonly quietSeconds: number; readonly limit: number },
): Promise<string[]> {
  const found = await rows<{ id: string }>(
    em,
    `select id from (
       select distinct order_id as id from payments
       where tenant_id = $1 and ${awaited} and updated_at < clock_timestamp() - make_interval(secs => $2)) o
     order by random() limit $3`,
    [tenantId, quietSeconds, limit],
  );
  return found.map(({ id }) => id);
}

/** A message of a gateway, kept once however often it comes; whether it is new. */
export async function keepGatewayWebhook(
  em: EntityManager,
  tenantId: string,
  { id, body }: { readonly id: string; readonly body: unknown },
): Promise<boolean> {
  const kept = await run(
    em,
    `insert into gateway_webhooks (tenant_id, id, body, received_at)
     values ($1, $2, $3::jsonb, clock_timestamp()) on conflict do nothing returning id`,
    [tenantId, id, JSON.stringify(body)],
  );
  return kept.length > 0;
}

/** Messages that had no effect yet, oldest first. */
export const newGatewayWebhooks = (
  em: EntityManager,
  tenantId: string,
  limit: number,
): Promise<{ id: string; body: unknown }[]> =>
  run(
    em,
    `select id, body from gateway_webhooks where tenant_id = $1 and processed_at is null
     order by received_at, id limit $2`,
    [tenantId, limit],
  );

export async function markGatewayWebhook(em: EntityManager, tenantId: string, id: string): Promise<void> {
  await run(
    em,
    'update gateway_webhooks set processed_at = clock_timestamp() where tenant_id = $1 and id = $2',
    [tenantId, id],
  );
}

/** Remembers the card that a payment is to be charged to, or forgets it. */
export async function keepCardToken(
  em: EntityManager,
  tenantId: string,
  { paymentId, token }: { readonly paymentId: string; readonly token: string },
): Promise<void> {
  await run(
    em,
    `insert into card_tokens (tenant_id, payment_id, token) values ($1, $2, $3)
     on conflict (tenant_id, payment_id) do update set token = excluded.token`,
    [tenantId, paymentId, token],
  );
}

/** The card of a payment, or of one that a group makes together. */
export async function cardTokenOf(
  em: EntityManager,
  tenantId: string,
  paymentId: string,
): Promise<string | null> {
  const [found] = await rows<{ token: string }>(
    em,
    `select token from card_tokens c join payments p on p.tenant_id = c.tenant_id and p.id = c.payment_id
     where c.tenant_id = $1 and (p.id = $2 or p.group_payment_id = $2)`,
    [tenantId, paymentId],
  );
  return found?.token ?? null;
}
