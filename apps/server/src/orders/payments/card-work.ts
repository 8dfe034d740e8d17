import { setTimeout as sleep } from 'node:timers/promises';
import { type Instant, ok } from '@orderloom/core';
import {
  type Database,
  markGatewayWebhook,
  newGatewayWebhooks,
  ordersAwaitingGateway,
  read,
  tenantIds,
  transact,
} from '@orderloom/db';
import type { Parts } from '../../context.ts';
import type { Consumer } from '../../feed.ts';
import { logFailure } from '../../log.ts';
import { hear, settleCards, type Till } from './cards.ts';

type Work = { readonly consumers: readonly Consumer[]; readonly stop: () => Promise<void> };
type House = Pick<Parts, 'db' | 'log' | 'gateway'>;

const limits = {
  hearEveryMs: 1_000,
  sweepEveryMs: 5_000,
  quietSeconds: 10,
  orders: 20,
  webhooks: 50,
  together: 32,
  promptMs: 300,
};

/** What is done with cards beside the requests: they are charged, and what the gateway says is recorded. */
export function cardsBy({ db, log, gateway }: House, now: () => Instant): Work {
  if (!gateway) return { consumers: [], stop: async () => {} };
  const till = { db, log, gateway };
  const slow = new Set<Promise<unknown>>();
  const loops = [
    every(limits.hearEveryMs, () => everywhere(till, now, hearWebhooks)),
    every(limits.sweepEveryMs, () => everywhere(till, now, askAgain)),
  ];
  return {
    consumers: [chargedBy(till, now, slow)],
    stop: async () => {
      await Promise.all([...loops.map((stop) => stop()), ...slow]);
    },
  };
}

/** Does something again and again, never twice at once; how to stop it. */
function every(ms: number, work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= work().finally(() => (running = null));
  }, ms);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/**
 * Sends every request to the gateway as soon as it is recorded. A slow one goes on by itself, so that no card
 * waits for another; if it fails, it is swept up.
 */
const chargedBy = (till: Sweeping, now: () => Instant, slow: Set<Promise<unknown>>): Consumer => ({
  name: 'gateway',
  wants: (type) => type === 'payment.requested',
  together: limits.together,
  deliver: async ({ tenantId, orderId }) => {
    if (orderId === null) return;
    const settling = settleOne(till, { tenantId, orderId, at: now() }).finally(() => slow.delete(settling));
    slow.add(settling);
    const settled = await Promise.race([settling, sleep(limits.promptMs, 'slow')]);
    if (settled === 'failed') throw new Error('the gateway gave no answer');
  },
});

type Sweeping = Till & Pick<Parts, 'log'>;

/** Never throws: what is left is swept up. */
async function settleOne(
  till: Sweeping,
  round: Round & { readonly orderId: string },
): Promise<'done' | 'failed'> {
  const { tenantId, orderId } = round;
  try {
    const settled = await settleCards(till, round);
    if (settled.ok) return 'done';
    till.log.warn({ tenantId, orderId, detail: settled.error.detail }, 'gateway');
  } catch (thrown) {
    logFailure(till.log, thrown, 'gateway');
  }
  return 'failed';
}

type Visit = (till: Sweeping, round: Round) => Promise<void>;

/** Tenant by tenant. Never throws. */
async function everywhere(till: Sweeping, now: () => Instant, visit: Visit): Promise<void> {
  try {
    for (const tenantId of await tenantIds(till.db)) await visit(till, { tenantId, at: now() });
  } catch (thrown) {
    logFailure(till.log, thrown, 'gateway');
  }
}

/** Orders whose answer was lost, or is a customer's to give. */
async function askAgain(till: Sweeping, round: Round): Promise<void> {
  const { tenantId } = round;
  const late = { quietSeconds: limits.quietSeconds, limit: limits.orders };
  const orders = await read(till.db, { tenantId }, (em) => ordersAwaitingGateway(em, tenantId, late));
  await Promise.all(orders.map((orderId) => settleOne(till, { ...round, orderId })));
}

type Round = { readonly tenantId: string; readonly at: Instant };

/** Each message with its effect in one transaction; one that does not fit is logged and done with. */
async function hearWebhooks(till: Sweeping, { tenantId, at }: Round): Promise<void> {
  for (let left = limits.webhooks; left > 0; left -= 1) if (!(await hearNext(till, { tenantId, at }))) return;
}

async function hearNext({ db, log, gateway }: Sweeping, { tenantId, at }: Round): Promise<boolean> {
  const [next] = await newest(db, tenantId);
  if (!next) return false;
  const said = gateway.heard(next.body, at);
  const heard = await transact(db, { tenantId }, async (em) => {
    await markGatewayWebhook(em, tenantId, next.id);
    return said ? hear(em, { tenantId, reports: said.reports, at }) : ok(null);
  });
  if (heard.ok) return true;
  log.error({ tenantId, webhook: next.id, code: heard.error.code }, 'a message of the gateway does not fit');
  await transact(db, { tenantId }, async (em) => ok(await markGatewayWebhook(em, tenantId, next.id)));
  return true;
}

const newest = (db: Database, tenantId: string) =>
  read(db, { tenantId }, (em) => newGatewayWebhooks(em, tenantId, 1));
