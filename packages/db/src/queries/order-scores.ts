import type { EntityManager } from '@mikro-orm/postgresql';
import type { Scores } from '@orderloom/core';
import { rows } from '../sql.ts';

/** The scores that the customers of a tenant gave, or those of one customer; an index holds them all. */
export async function orderScores(
  em: EntityManager,
  tenantId: string,
  customerId: string | null,
): Promise<Scores> {
  const whose = customerId === null ? '' : 'and customer_id = $2';
  const [found] = await rows<Scores>(
    em,
    `select coalesce(sum(score), 0) as sum, count(*) as count from orders
     where tenant_id = $1 ${whose} and score is not null and deleted_at is null`,
    customerId === null ? [tenantId] : [tenantId, customerId],
  );
  return found ?? { sum: 0, count: 0 };
}
