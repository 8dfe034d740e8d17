import { accounts } from '@orderloom/core';
import type { HistoryOf, Search } from '@orderloom/core/inputs';
import {
  addressesOf,
  type CustomerBalance,
  customerByName,
  customerList,
  customersList,
  type EntityManager,
  everyCustomer,
  ledgerList,
  ledgerOf,
} from '@orderloom/db';
import { orThrow, refuse } from '../errors.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { type ListAsked, listPage } from '../list.ts';
import { pageOf } from '../page.ts';
import type { Acting } from '../trpc.ts';
import type { CustomerView, LedgerRow } from './views.ts';

/** A caller with only its own reach is its own customer; one without a customer sees none. */
const only = ({ reach, caller }: Acting): string | null =>
  reach === 'all' ? null : (caller.customerId ?? '00000000-0000-0000-0000-000000000000');

/** A page of customers by name. */
export const listCustomers = (ctx: Acting, { limit, cursor, search }: Search) =>
  ctx.read((em) =>
    pageOf(ctx, {
      key: { list: 'customers', filters: { search, only: only(ctx) } },
      limit,
      cursor,
      fetch: (slice) => customerList(em, ctx.caller.tenantId, { ...slice, search, only: only(ctx) }),
      position: ({ name, id }) => ({ at: name, id }),
    }),
  );

/** A page of customers as the api family lists them. */
export function pageOfCustomers(ctx: Acting, asked: ListAsked) {
  const id = only(ctx);
  return listPage<CustomerView>(ctx, customersList, { asked, only: id === null ? {} : { 'c.id': id } });
}

/** Every customer, by ref. */
export const allCustomers = (ctx: Acting) =>
  ctx.readAnywhere((em) => everyCustomer(em, ctx.caller.tenantId, only(ctx)));

/** The customer that a ref, UUID or code names, if the caller may see it. */
export const findCustomer = (ctx: Acting, name: string) => ctx.read((em) => customerFor(em, ctx, name));

/** The addresses of a customer. */
export const customerAddresses = (ctx: Acting, name: string) =>
  ctx.read(async (em) => addressesOf(em, ctx.caller.tenantId, (await customerFor(em, ctx, name)).id));

/**
 * The movements of a customer's balance, newest first, each with the balance it left. The cursor carries the
 * balance at which the next page goes on, so no page has to add up the whole history.
 */
export const customerLedger = (ctx: Acting, { id: name, limit, cursor }: HistoryOf) =>
  ctx.read(async (em) => {
    const customer = await customerFor(em, ctx, name);
    const key = { list: 'ledger', filters: { customer: customer.id } };
    const after = orThrow(readCursor(ctx, key, cursor));
    const { currency } = customer;
    const account = accounts.balance(customer.id);
    const found = await ledgerOf(em, ctx.caller.tenantId, {
      account,
      currency,
      afterId: after?.id ?? null,
      limit,
    });
    let balance = after ? Number(after.at) : customer.balance;
    const items = found.slice(0, limit).map((row) => {
      const left = balance;
      balance -= row.amount;
      return { ...row, balance: left };
    });
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    return { items, nextCursor: more ? writeCursor(ctx, key, { at: String(balance), id: last.id }) : null };
  });

/** A page of the movements of a customer's balance. */
export async function pageOfLedger(ctx: Acting, { id, ...asked }: ListAsked & { readonly id: string }) {
  const customer = await findCustomer(ctx, id);
  const only = { 'p.account': accounts.balance(customer.id), 'p.currency': customer.currency };
  return listPage<LedgerRow>(ctx, ledgerList, { asked, only });
}

async function customerFor(em: EntityManager, ctx: Acting, name: string): Promise<CustomerBalance> {
  const customer = await customerByName(em, ctx.caller.tenantId, name);
  if (!customer || (ctx.reach === 'own' && customer.id !== ctx.caller.customerId))
    throw refuse({ code: 'CUSTOMER_NOT_FOUND', id: name });
  return customer;
}
