import { err, ok, type Result } from '@orderloom/core';
import type { EditCustomer } from '@orderloom/core/inputs';
import { changeRow, type CustomerBalance, customerByName, type EntityManager } from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { hold } from '../hold.ts';
import type { Actor } from '../trpc.ts';

/** Changes what a customer is called; the money has its own ways. */
export async function editCustomer(
  em: EntityManager,
  { id, expectedVersion, ...input }: EditCustomer,
  actor: Actor,
): Promise<Result<CustomerBalance, Refusal>> {
  const { tenantId } = actor.caller;
  const missing = { code: 'CUSTOMER_NOT_FOUND', id } as const;
  const find = () => customerByName(em, tenantId, id);
  const held = await hold(em, actor, { table: 'customers', find, missing, expectedVersion });
  if (!held.ok) return held;
  const before = held.value;
  const code = input.code === null ? `CUST${before.ref}` : input.code;
  if (code !== undefined && code !== before.code && (await customerByName(em, tenantId, code)))
    return err({ code: 'ALREADY_EXISTS', field: 'code' });
  const wanted = { name: input.name, email: input.email, code };
  const columns = Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== Reflect.get(before, name)),
  );
  await changeRow(em, 'customers', { tenantId, id: before.id, at: actor.at, columns });
  const now = await customerByName(em, tenantId, before.id);
  return now ? ok(now) : err(missing);
}
