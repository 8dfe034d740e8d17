import type { House, Order } from '@orderloom/core';
import { type EntityManager, lockLevels, lockPurses, lockShelf, type Tenant } from '@orderloom/db';
import type { Command } from './command.ts';
import { nowhere } from '../placing/wish.ts';

/** A command, and the order that it is for. */
export type Pair = Pick<Command, 'command'> & { readonly order: Order | undefined };

/**
 * The shelf that edits and drafts take from, and the balances that payments of this list are taken from.
 * Stock is always locked before balances, so a list that also moves stock locks its rows first.
 */
export async function houseOf(em: EntityManager, tenant: Tenant, pairs: readonly Pair[]): Promise<House> {
  const shelf = await lockShelf(em, tenant.id, [...new Set(pairs.flatMap(takenBy))]);
  const payers = pairs.filter(paysFromBalance).flatMap(({ order }) => order?.customerId ?? []);
  const moving = payers.length > 0 ? pairs.filter(({ command }) => movesStock.includes(command.type)) : [];
  const variantIds = moving.flatMap(({ order }) => order?.lines.map(({ variantId }) => variantId) ?? []);
  if (variantIds.length > 0) await lockLevels(em, tenant.id, [...new Set(variantIds)]);
  return { shelf, purses: await lockPurses(em, tenant, payers) };
}

/** The variants that a command may take from the shelf: an edit's, and those of a draft that is placed. */
function takenBy({ command, order }: Pair): string[] {
  const held = order?.lines.map(({ variantId }) => variantId) ?? [];
  if (command.type === 'editOrder')
    return [...held, ...command.lines.map(({ variantId }) => variantId)].filter(isThere);
  return order?.placedAt === null ? held : [];
}

const isThere = (variantId: string): boolean => variantId !== nowhere;

const movesStock: readonly Pair['command']['type'][] = ['shipOrder', 'cancelOrder'];

function paysFromBalance({ command, order }: Pair): boolean {
  if (command.type === 'createPayment') return command.process && command.method === 'balance';
  if (command.type !== 'processPayment' && command.type !== 'authorizePayment') return false;
  return order?.payments.find(({ id }) => id === command.paymentId)?.method === 'balance';
}
