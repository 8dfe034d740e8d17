import type { EntityManager } from '@mikro-orm/postgresql';
import { rows } from '../sql.ts';

/** Whether a tenant wants every change of an order to name the version that it changes. */
export async function requiresIfMatch(em: EntityManager, tenantId: string): Promise<boolean> {
  const [found] = await rows<{ required: boolean }>(
    em,
    `select coalesce((policies ->> 'requireIfMatch')::boolean, false) as required from tenants where id = $1`,
    [tenantId],
  );
  return found?.required ?? false;
}
