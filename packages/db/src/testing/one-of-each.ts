import { ok, type Order } from '@orderloom/core';
import type { Database } from '../database.ts';
import { newId } from '../ids.ts';
import { run } from '../sql.ts';
import { transact } from '../transact.ts';
import { changeOne, placeOne } from './orders.ts';
import type { TestTenant } from './tenant.ts';

export const secretHash = 'a'.repeat(64);

/** What makes a row of each table that an order does not fill; `$1` is the tenant, `$2` a new id. */
const statements: readonly (readonly [sql: string, ...params: (keyof TestTenant)[]])[] = [
  [`insert into number_counters select $1, 'order:20261121', 1 where $2::uuid is not null`],
  [
    `insert into sessions (tenant_id, id, principal_id, created_at, expires_at)
     select $1, 'session-hash', $3, now(), now() + interval '1 hour' where $2::uuid is not null`,
    'principalId',
  ],
  [
    `insert into api_tokens
     values ($1, $2, $3, 'ERP', 'olm', '${secretHash}', '{orders:read_all}', null, null, null, now())`,
    'principalId',
  ],
  [
    `insert into addresses
     values ($1, $2, $3, 'Jane', '1 Main St', null, 'X', null, '1', 'US', null, 1, now(), now())`,
    'customerId',
  ],
  [`insert into intents values ($1, $2, 'mail', 'x', '{}', 'OPEN', 0, null, now(), now())`],
  [
    `insert into idempotency_records
     select $1, $3, 'r', 'k', 'h', 'RUNNING', now(), null, null, null, now(), now()
     where $2::uuid is not null`,
    'principalId',
  ],
  [`insert into carts values ($1, $2, $3, 'Active', 1, now(), now())`, 'customerId'],
  [
    `insert into cart_items
     select $1, id, $3, $4, 1, 0 from carts where tenant_id = $1 and $2::uuid is not null`,
    'variantId',
    'productId',
  ],
  [
    `insert into notifications values ($1, $2, null, $3, 'refund', 'in_app', null, 't', 'b', null, now())`,
    'customerId',
  ],
  [`insert into order_groups values ($1, $2, $3, 'USD', now())`, 'customerId'],
  [`insert into incidents values ($1, $2, 'inventory.unreachable', 'x', 1, now(), now())`],
  [`insert into gateway_webhooks select $1, $2::text, '{}', now(), null`],
  [
    `insert into card_tokens
     select $1, id, 'tok_ok' from payments where tenant_id = $1 and $2::uuid is not null`,
  ],
  [`insert into remote_products select $1, '1', $3, now() where $2::uuid is not null`, 'productId'],
];

/** What a worker leaves behind when it has told an event: `$3` is the event. */
const told = [
  `insert into mails values ($1, $2, $3, 'refund', $4, null, null, 'jane@example.com', 's', '<p>', 't',
     now())`,
  `insert into deliveries
   select $1, 'mail', 1, $3, null, 'OPEN', 0, now(), null
   where $2::uuid is not null and $4::uuid is not null`,
  `insert into dead_letters
   select $1, 'mail', 1, $3, null, 9, 'why', now() where $2::uuid is not null and $4::uuid is not null`,
  // What has changed stays beside it, and so each of the two has a row.
  `insert into tallies select $1, 'order', $2, '2026-11', 'PENDING', '', 0, 0, 0, 0, 0
   where $3::uuid is not null and $4::uuid is not null`,
];

/** A row of everything in a tenant, so that whoever finds none was kept from it; the order of the rows. */
export async function oneOfEach(db: Database, of: TestTenant): Promise<Order> {
  const order = await placeOne(db, of, { charged: true, shippingMethod: 'standard', discount: 100 });
  const { id } = order;
  await changeOne(db, of, { id, command: { type: 'shipOrder', trackingNumber: null } });
  await changeOne(db, of, { id, command: { type: 'cancelOrder', reason: 'test' } });
  await changeOne(db, of, { id, command: { type: 'refundOrder', reason: 'test' } });
  const { tenantId } = of;
  await transact(db, of, async (em) => {
    for (const [sql, ...params] of statements)
      await run(em, sql, [tenantId, newId(), ...params.map((name) => of[name])]);
    return ok(null);
  });
  await transact(db, { tenantId, role: 'worker' }, async (em) => {
    const [event] = await run<{ id: string }>(em, 'select id from events limit 1', []);
    for (const sql of told) await run(em, sql, [tenantId, newId(), event?.id, of.customerId]);
    return ok(null);
  });
  return order;
}
