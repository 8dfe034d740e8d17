import { noticeOf, type NoticeKind, ok, statuses } from '@orderloom/core';
import {
  type Database,
  type EntityManager,
  noticesQueue,
  noticesToCustomers,
  noticeToAdmins,
  type OrderNotice,
  transact,
} from '@orderloom/db';
import type { Consumer, FeedEvent } from '../feed.ts';
import { isAlert } from '../incident.ts';

type Words = { readonly title: string; readonly body: string };

const words: Readonly<Record<NoticeKind, Words>> = {
  order_confirmation: { title: 'Order # is confirmed', body: 'We are getting your order ready.' },
  shipping_update: { title: 'Order # is on its way', body: 'Your order has left us.' },
  delivery_confirmation: { title: 'Order # was delivered', body: 'Your order has been delivered.' },
  order_cancellation: { title: 'Order # was cancelled', body: 'Your order was cancelled.' },
  refund: { title: 'Refund for order #', body: 'We have given your money back.' },
  payment_processing: { title: 'Payment for order #', body: 'Your payment was received.' },
};

/** Where the kind alone would say too little, or the wrong thing. */
const ofType: Readonly<Record<string, Words>> = {
  'order.out_for_delivery': {
    title: 'Order # is out for delivery',
    body: 'Your order is on the last part of its way.',
  },
  'payment.failed': { title: 'Payment for order # failed', body: 'Your payment could not be taken.' },
};

/** News in the console: of an order to its customer, of what is out of order to the administrators. */
export const noticesTo = (db: Database): Consumer => ({
  name: noticesQueue,
  wants: (type) => isAlert(type) || noticeOf({ type, from: null, to: null }) !== null,
  within: tell,
  deliver: async (event) => {
    await transact(db, { tenantId: event.tenantId, role: 'worker' }, async (em) =>
      ok(await tell(em, [event])),
    );
  },
});

async function tell(em: EntityManager, events: readonly FeedEvent[]): Promise<void> {
  const [first] = events;
  if (!first) return;
  const { tenantId } = first;
  for (const event of events) if (isAlert(event.type)) await noticeToAdmins(em, tenantId, alertOf(event));
  await noticesToCustomers(em, tenantId, events.flatMap(newsOf));
}

function newsOf({ type, from, to, orderId, version, at }: FeedEvent): OrderNotice[] {
  const kind = noticeOf({ type, from: statusIn(from), to: statusIn(to) });
  if (kind === null || orderId === null || version === null) return [];
  return [{ kind, orderId, version, type, at, ...(ofType[type] ?? words[kind]) }];
}

const statusIn = (word: string | null) => statuses.find((status) => status === word) ?? null;

function alertOf({ id, type, data, at }: FeedEvent) {
  const facts = [data['subject'], data['detail']].filter((fact) => typeof fact === 'string');
  return { eventId: id, title: `Alert: ${type.replace('.', ' ')}`, body: facts.join(': '), at };
}
