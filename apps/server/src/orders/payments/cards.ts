import {
  begins,
  err,
  type GatewayReport,
  type GatewayRequest,
  gatewayRequests,
  groupRequests,
  type Instant,
  isAwaited,
  ok,
  type Order,
  type Result,
} from '@orderloom/core';
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
import { changeGroup } from './group.ts';

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
  const requests = await read(db, { tenantId }, (em) => requestsOf(em, tenantId, orderId));
  let failed: GatewayTrouble | null = null;
  for (const request of requests) {
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

/** What an order waits for. What its group pays at once is asked for by the first that waits for it. */
async function requestsOf(em: EntityManager, tenantId: string, orderId: string): Promise<GatewayRequest[]> {
  const order = (await loadOrders(em, tenantId, [orderId])).get(orderId);
  if (!order) return [];
  const shared = new Set(
    order.payments.filter(isBegun).flatMap(({ groupPaymentId }) => groupPaymentId ?? []),
  );
  const requests = gatewayRequests(order);
  for (const paymentId of shared) {
    const place = await paymentPlace(em, tenantId, paymentId);
    const orders = [...(await loadOrders(em, tenantId, place?.orderIds ?? [])).values()];
    const [first] = orders
      .filter((one) => waitsFor(one, paymentId))
      .map(({ id }) => id)
      .toSorted();
    if (first === orderId)
      requests.push(...groupRequests(orders).filter((request) => request.paymentId === paymentId));
  }
  return requests;
}

const isBegun = (payment: Order['payments'][number]): boolean =>
  payment.attempt !== undefined && begins(payment.attempt) && isAwaited(payment);

const waitsFor = ({ payments }: Order, groupPaymentId: string): boolean =>
  payments.some((payment) => payment.groupPaymentId === groupPaymentId && isBegun(payment));

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
    const change = { ctx, expectedVersion: undefined, command };
    const told = place.isGroup
      ? await changeGroup(em, { ...change, place })
      : await changeOne(em, { ...change, id: place.orderIds[0] });
    if (!told.ok) return told;
  }
  return ok(null);
}
