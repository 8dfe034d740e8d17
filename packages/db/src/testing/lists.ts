import { accounts } from '@orderloom/core';
import type { Pool } from 'pg';
import type { TestTenant } from './tenant.ts';

const at = `timestamptz '2026-01-01 00:00Z' + (g / 7) * interval '1 second'`;
const from = `from generate_series(1, $2::int) g`;
const named = `to_char(g, 'FM00000')`;

/** So many rows of each thing, seven of them at each moment; `$3` is what they belong to. */
const statements: readonly (readonly [keyof TestTenant | null, string])[] = [
  [
    'storeId',
    `insert into products (tenant_id, id, ref, sku, name, store_id, price_minor, currency, tax_class,
       track_stock, active, created_at, updated_at)
     select $1, gen_random_uuid(), g + 1, 'S-' || g, 'Product ' || ${named}, $3, (g * 7919) % 100, 'USD',
       'standard', true, g % 3 > 0, ${at}, ${at} ${from}`,
  ],
  [
    null,
    `insert into customers (tenant_id, id, ref, code, name, email, credit_limit_minor, locale, created_at,
       updated_at)
     select $1, gen_random_uuid(), g + 1, 'C-' || g, 'Customer ' || ${named}, g || '@example.com', 0, 'en',
       ${at}, ${at} ${from}`,
  ],
  [
    'customerId',
    `insert into addresses (tenant_id, id, customer_id, name, line1, city, postcode, country, created_at,
       updated_at)
     select $1, gen_random_uuid(), $3, 'Name ' || ${named}, 'Street', 'City', '1', 'US', ${at}, ${at}
     ${from}`,
  ],
  [
    null,
    `insert into stores (tenant_id, id, ref, slug, name, commission_bp, active, created_at, updated_at)
     select $1, gen_random_uuid(), g + 1, 's-' || g, 'Store ' || ${named}, 0, true, ${at}, ${at} ${from}`,
  ],
  [
    'principalId',
    `insert into api_tokens (tenant_id, id, principal_id, name, prefix, secret_hash, scopes, created_at)
     select $1, gen_random_uuid(), $3, 'Token ' || ${named}, 'olm_test_' || g,
       encode(sha256(($1::text || g)::bytea), 'hex'), '{}', ${at} ${from}`,
  ],
  ...(['customer', 'principal'] as const).map(
    (whose) =>
      [
        `${whose}Id`,
        `insert into notifications (tenant_id, id, ${whose}_id, kind, channel, title, body, created_at)
         select $1, gen_random_uuid(), $3, 'refund', 'in_app', 'Title', 'Body', ${at} ${from}`,
      ] as const,
  ),
  [
    'customerId',
    `with e as (
       insert into journal_entries (tenant_id, id, memo, currency, command_id, at)
       select $1, uuidv7(), 'top up', 'USD', gen_random_uuid(), ${at} ${from} returning id)
     insert into postings (tenant_id, entry_id, position, account, currency, amount_minor)
     select $1, id, p, case p when 0 then '${accounts.balance('')}' || $3::text else 'cash' end, 'USD',
       case p when 0 then 1 else -1 end
     from e, generate_series(0, 1) p`,
  ],
];

/** Fills every list of a shop. */
export async function fillLists(
  { pool }: { readonly pool: Pool },
  shop: TestTenant,
  count: number,
): Promise<void> {
  for (const [whose, statement] of statements)
    await pool.query(statement, [shop.tenantId, count, ...(whose === null ? [] : [shop[whose]])]);
  await pool.query('analyze');
}
