import type { EntityManager } from '@mikro-orm/postgresql';
import { isOff } from '../defence.ts';
import { run } from '../sql.ts';

/**
 * How far the data have come, as a word: two reads that see the same word see the same data, and a commit
 * changes it for every server at once. Of a tenant it counts the events: the published ones have numbers
 * without gaps (I-15), so only the few that wait are counted one by one. Of a customer it counts that
 * customer's orders and their versions. It costs the writers nothing.
 */
export async function dataEpoch(
  em: EntityManager,
  tenantId: string,
  customerId: string | null,
): Promise<string> {
  if (isOff(em, 'epoch')) return 'always';
  const [found] =
    customerId === null
      ? await run<Found>(em, ofTenant, [tenantId])
      : await run<Found>(em, ofCustomer, [tenantId, customerId]);
  return found?.epoch ?? 'none';
}
type Found = { readonly epoch: string };

const ofTenant = `
  select (coalesce((
      select feed_seq from events where tenant_id = $1 and feed_seq is not null order by feed_seq desc limit 1
    ), 0) + (select count(*) from events where tenant_id = $1 and published_at is null))::text as epoch`;

const ofCustomer = `
  select concat_ws('.',
    (select version from customers where tenant_id = $1 and id = $2),
    count(*), coalesce(sum(version), 0)) as epoch
  from orders where tenant_id = $1 and customer_id = $2`;
