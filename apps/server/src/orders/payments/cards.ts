import { err, type GatewayReport, gatewayRequests, type Instant, ok, type Result } from '@orderloom/core';
import {
  cardTokenOf,
  type Database,
  type EntityManager,
  loadOrders,
  newId,
  paymentPlace,
  read,
  transact,
} from '@orderloom/db';
import type { Refusal } from '../../errors.ts';
import type { Gateway, GatewayTrouble } from '../../gateway.ts';
import type { Actor } from '../../trpc.ts';
import { changeOne } from '../changing/change.ts';

/** Where cards are taken. */
export type Till = { readonly db: Database; readonly gateway: Gateway };

type Round = { readonly tenantId: string; readonly orderId: string; readonly at: Instant };
type Heard = { readonly tenantId: string; readonly reports: readonly GatewayReport[]; readonly at: Instant };

const requestId = 'the-gateway';
const patienceMs = 8_000;

/**
 * Asks the gateway for everything that an order waits for, and records what it says. A request is looked for
 * before it is sent: whoever was here before may have sent it. No transaction is open meanwhile.
 */
export async function settleCards(
  { db, gateway }: Till,
  { tenantId, orderId, at }: Round,
): Promise<Result<null, GatewayTrouble>> {
  const orders = await read(db, { tenantId }, (em) => loadOrders(em, tenantId, [orderId]));
  const order = orders.get(orderId);
  let failed: GatewayTrouble | null = null;
  for (const request of order ? gatewayRequests(order) : []) {
    const { paymentId } = request;
    const errand = { tenantId, requestId, at, signal: AbortSignal.timeout(patienceMs) };
    const found = await gateway.look(errand, request);
    const unsent = found.ok && found.value === null && !request.waiting;
    const cardToken = unsent
      ? await read(db, { tenantId }, (em) => cardTokenOf(em, tenantId, paymentId))
      : null;
    const said = unsent ? await gateway.send(errand, { ...request, cardToken }) : found;
    if (!said.ok) failed = said.error;
    else if (said.value) {
      const reports = said.value;
      const heard = await transact(db, { tenantId }, (em) => hear(em, { tenantId, reports, at }));
      if (!heard.ok) failed = { detail: heard.error.code };
    }
  }
  return failed ? err(failed) : ok(null);
}

/** Whoever speaks for the gateway. */
const gatewayActor = (tenantId: string, at: Instant): Actor => ({
  caller: {
    tenantId,
    principalId: null,
    tokenId: null,
    name: 'Gateway',
    role: 'service',
    granted: null,
    customerId: null,
  },
  reach: 'all',
  cards: true,
  origin: 'api',
  once: null,
  at,
  newId,
  requestId,
});

/** Records what a gateway said: what is new in it becomes part of the order, the rest changes nothing. */
export async function hear(
  em: EntityManager,
  { tenantId, reports, at }: Heard,
): Promise<Result<null, Refusal>> {
  for (const report of reports) {
    const { paymentId } = report;
    const place = await paymentPlace(em, tenantId, paymentId);
    if (!place) return err({ code: 'PAYMENT_NOT_FOUND', id: paymentId });
    const command = { type: 'reportPayment', ...report } as const;
    const ctx = gatewayActor(tenantId, at);
    const told = await changeOne(em, { ctx, id: place.orderId, expectedVersion: undefined, command });
    if (!told.ok) return told;
  }
  return ok(null);
}
