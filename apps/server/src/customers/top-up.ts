import { err, ok, type Result, topUp } from '@orderloom/core';
import type { TopUpBalance } from '@orderloom/core/inputs';
import {
  type CustomerBalance,
  customerByName,
  type EntityManager,
  lockPurses,
  writeDeeds,
} from '@orderloom/db';
import { actOf } from '../act.ts';
import type { Refusal } from '../errors.ts';
import type { Actor } from '../trpc.ts';

// Like the total of an order (core): leaves room for what refunds may give back before 2^53 is reached.
const balanceMax = Math.floor(Number.MAX_SAFE_INTEGER / 8);
const tooMuch = `makes more than the ${balanceMax} that a balance can hold`;

/** Puts money on a customer's balance, or corrects it down to its floor at most. */
export async function topUpBalance(
  em: EntityManager,
  { id, amount, reason }: TopUpBalance,
  actor: Actor,
): Promise<Result<CustomerBalance, Refusal>> {
  const { tenantId } = actor.caller;
  const customer = await customerByName(em, tenantId, id);
  if (!customer) return err({ code: 'CUSTOMER_NOT_FOUND', id });
  const { id: customerId, currency } = customer;
  const purses = await lockPurses(em, { id: tenantId, currency }, [customerId]);
  const available = purses.get(customerId) ?? 0;
  if (available + amount < 0) return err({ code: 'INSUFFICIENT_BALANCE', required: -amount, available });
  if (available + amount > balanceMax)
    return err({ code: 'INVALID_INPUT', issues: [{ path: 'amount', message: tooMuch }] });
  await chargeBalances(em, { charges: [{ customerId, currency, amount }], reason, actor });
  const now = await customerByName(em, tenantId, customerId);
  return now ? ok(now) : err({ code: 'CUSTOMER_NOT_FOUND', id });
}

/** Writes entries that no order caused, with one event each. */
export const chargeBalances = (em: EntityManager, { charges, reason, actor }: Charging): Promise<void> =>
  writeDeeds(em, actor.caller.tenantId, [
    {
      ...actOf(actor, reason),
      moves: [],
      entries: charges.map(({ customerId, currency, amount }) => {
        const source = amount > 0 ? 'cash' : 'adjustment';
        return topUp(customerId, currency, { amount, reason, source });
      }),
      events: charges.map(({ customerId, currency, amount }) => ({
        id: actor.newId(),
        type: amount > 0 ? 'balance.credited' : 'balance.debited',
        data: { customerId, currency, amount },
      })),
    },
  ]);
export type Charging = {
  readonly charges: readonly {
    readonly customerId: string;
    readonly currency: string;
    readonly amount: number;
  }[];
  readonly reason: string;
  readonly actor: Actor;
};
