import { err, ok, type Result } from '@orderloom/core';
import type { CreateCustomer } from '@orderloom/core/inputs';
import {
  AccountRow,
  type CustomerBalance,
  customerByName,
  CustomerRow,
  type EntityManager,
  openDirectory,
} from '@orderloom/db';
import type { Refusal } from '../errors.ts';
import { nextRef } from '../next-ref.ts';
import type { Actor } from '../trpc.ts';

/** A new customer with empty accounts; the number is the next of the tenant. */
export async function createCustomer(
  em: EntityManager,
  { name, email, code }: CreateCustomer,
  { caller, newId, at }: Actor,
): Promise<Result<CustomerBalance, Refusal>> {
  const { tenantId } = caller;
  const wanted = { products: [], customers: code === undefined ? [] : [code], stores: [], addresses: [] };
  const { tenant, customer } = await openDirectory(em, tenantId, [wanted]);
  if (code !== undefined && customer(code)) return err({ code: 'ALREADY_EXISTS', field: 'code' });

  const isTaken = async (number: number) =>
    code === undefined && (await customerByName(em, tenantId, `CUST${number}`)) !== undefined;
  const ref = await nextRef(em, tenantId, { kind: 'customer', isTaken });
  const now = new Date(at);
  const row = { tenantId, id: newId(), ref, code: code ?? `CUST${ref}`, name, email };
  await em.insert(CustomerRow, { ...row, creditLimitMinor: 0, locale: 'en', createdAt: now, updatedAt: now });
  const account = { tenantId, customerId: row.id, currency: tenant.currency, balanceMinor: 0, floorMinor: 0 };
  await em.insertMany(
    AccountRow,
    (['balance', 'held'] as const).map((kind) => ({ ...account, kind })),
  );
  return ok({
    ...row,
    balance: 0,
    held: 0,
    currency: tenant.currency,
    version: 1,
    createdAt: at,
    updatedAt: at,
  });
}
