import { noticeOf, type OrderStatus, statuses } from '@orderloom/core';
import {
  alertReaders,
  type EntityManager,
  loadOrders,
  type MailKind,
  orderNames,
  refundOfVersion,
  tenantName,
} from '@orderloom/db';
import type { FeedEvent } from '../feed.ts';
import { isAlert } from '../incident.ts';
import { alertMail } from './alert-letter.ts';
import type { Letter } from './letter.ts';
import type { OrderMailKind } from './news.ts';
import { orderLetter } from './order-letter.ts';

/** A letter and whom it is for. */
export type Addressed = {
  readonly kind: MailKind;
  readonly to: { readonly name: string; readonly email: string };
  readonly customerId: string | null;
  readonly principalId: string | null;
  readonly letter: Letter;
};

/** What of an event is mailed to the customer; `null` when it is no such news. */
function mailKindOf({ type, from, to }: Pick<FeedEvent, 'type' | 'from' | 'to'>): OrderMailKind | null {
  const kind = noticeOf({ type, from: statusIn(from), to: statusIn(to) });
  return kind === 'payment_processing' ? null : kind;
}

const statusIn = (word: string | null): OrderStatus | null =>
  statuses.find((status) => status === word) ?? null;

/** Whether events of a type can have to be mailed at all. */
export const isMailed = (type: string): boolean =>
  isAlert(type) || mailKindOf({ type, from: null, to: null }) !== null;

/** The letters that an event asks for, from what is known when they are written. */
export async function lettersFor(
  em: EntityManager,
  event: FeedEvent,
  publicUrl: string,
): Promise<Addressed[]> {
  if (isAlert(event.type)) return alertsFor(em, event, publicUrl);
  const kind = mailKindOf(event);
  return kind === null ? [] : newsFor(em, event, kind);
}

async function newsFor(em: EntityManager, event: FeedEvent, kind: OrderMailKind): Promise<Addressed[]> {
  const { tenantId, orderId, version } = event;
  if (orderId === null || version === null) return [];
  const order = (await loadOrders(em, tenantId, [orderId])).get(orderId);
  if (!order) return [];
  const { tenant, customers } = await orderNames(em, tenantId, [order]);
  const customer = customers.get(order.customerId ?? '');
  if (!customer || customer.email === '') return [];

  const refundId = kind === 'refund' ? await refundOfVersion(em, tenantId, { orderId, version }) : undefined;
  const refund = order.refunds.find(({ id }) => id === refundId) ?? null;
  // One refund may come from several payments: it is told with the first of them.
  const { paymentId } = event.data;
  if (refund && event.type === 'payment.refunded' && refund.parts[0]?.paymentId !== paymentId) return [];

  const { name, email } = customer;
  const letter = orderLetter({ kind, event, order, refund, shop: tenant.name, customer: name });
  return [{ kind, to: { name, email }, customerId: customer.id, principalId: null, letter }];
}

async function alertsFor(em: EntityManager, event: FeedEvent, publicUrl: string): Promise<Addressed[]> {
  const readers = await alertReaders(em, event.tenantId);
  const shop = (await tenantName(em, event.tenantId))?.name ?? event.tenantId;
  return readers.map(({ id, name, email }) => ({
    kind: 'alert',
    to: { name, email },
    customerId: null,
    principalId: id,
    letter: alertMail({ event, shop, reader: name, publicUrl }),
  }));
}
