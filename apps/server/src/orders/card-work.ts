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
import type { Parts } from '../context.ts';
import type { Consumer } from '../feed.ts';
import { logFailure } from '../log.ts';
import { hear, settleCards, type Till } from './cards.ts';

type Work = { readonly consumers: readonly Consumer[]; readonly stop: () => Promise<void> };
type House = Pick<Parts, 'db' | 'log' | 'gateway'>;

const limits = { sweepEveryMs: 1_000, quietSeconds: 15, orders: 20, webhooks: 50, together: 32 };

/** What is done with cards beside the requests: they are charged, and what the gateway says is recorded. */
export function cardsBy({ db, log, gateway }: House, now: () => Instant): Work {
  if (!gateway) return { consumers: [], stop: async () => {} };
  const till = { db, log, gateway };
  let sweeping: Promise<void> | null = null;
  const timer = setInterval(() => {
    sweeping ??= sweep(till, now()).finally(() => (sweeping = null));
  }, limits.sweepEveryMs);
  return {
    consumers: [chargedBy(till, now)],
    stop: async () => {
      clearInterval(timer);
      await sweeping;
    },
  };
}

/** Sends every request to the gateway as soon as it is recorded, and again until its word has come. */
const chargedBy = (till: Till, now: () => Instant): Consumer => ({
  name: 'gateway',
  wants: (type) => type === 'payment.requested',
  together: limits.together,
  deliver: async ({ tenantId, orderId }) => {
    if (orderId === null) return;
    const settled = await settleCards(till, { tenantId, orderId, at: now() });
    if (!settled.ok) throw new Error(settled.error.detail);
  },
});

type Sweeping = Till & Pick<Parts, 'log'>;

/** Tenant by tenant: messages that came, and orders whose answer was lost. Never throws. */
async function sweep(till: Sweeping, at: Instant): Promise<void> {
  const { db, log } = till;
  try {
    for (const tenantId of await tenantIds(db)) {
      await hearWebhooks(till, { tenantId, at });
      const late = { quietSeconds: limits.quietSeconds, limit: limits.orders };
      const orders = await read(db, { tenantId }, (em) => ordersAwaitingGateway(em, tenantId, late));
      for (const orderId of orders) {
        const settled = await settleCards(till, { tenantId, orderId, at });
        if (!settled.ok) log.warn({ tenantId, orderId, detail: settled.error.detail }, 'gateway');
      }
    }
  } catch (thrown) {
    logFailure(log, thrown, 'gateway');
  }
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
