import { type Order, type PaymentMethod, sum } from '@orderloom/core';
import type { Fact } from './letter.ts';
import { amountIn, type OrderMailKind, type OrderNews } from './news.ts';

type Words = {
  /** `#` stands for the order's number. */
  readonly subject: string;
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly facts: readonly Fact[];
};

/** What each mail says beside the order itself. */
export const words: Readonly<Record<OrderMailKind, (news: OrderNews) => Words>> = {
  order_confirmation: ({ order }) => ({
    subject: 'Your order # is confirmed',
    title: 'Thank you for your order',
    paragraphs: [
      'We have received your order and are getting it ready. ' +
        'You will hear from us again when it is on its way.',
    ],
    facts: [fact('Shipping method', order.shippingMethod), ...paymentFacts(order)],
  }),

  shipping_update: ({ event, order }) => {
    const facts = [fact('Tracking number', trackingOf(order)), fact('Shipping method', order.shippingMethod)];
    if (event.type === 'order.out_for_delivery')
      return {
        subject: 'Your order # is out for delivery',
        title: 'Out for delivery',
        paragraphs: ['Your order is on the last part of its way to you.'],
        facts,
      };
    const whole = order.lines.every(({ quantity, shippedQuantity }) => shippedQuantity >= quantity);
    return {
      subject: whole ? 'Your order # is on its way' : 'A part of your order # is on its way',
      title: 'On its way',
      paragraphs: [
        whole
          ? 'Your order has left us and is on its way to you.'
          : 'A part of your order has left us and is on its way to you.',
      ],
      facts,
    };
  },

  delivery_confirmation: ({ order }) => ({
    subject: 'Your order # was delivered',
    title: 'Delivered',
    paragraphs: ['Your order has been delivered. We hope that you like it.'],
    facts: [fact('Tracking number', trackingOf(order))],
  }),

  order_cancellation: ({ event, order }) => ({
    subject: 'Your order # was cancelled',
    title: 'Your order was cancelled',
    paragraphs: [
      order.returns.length > 0
        ? 'Your order was cancelled after it had been sent. Please send back what has reached you.'
        : 'Your order was cancelled. Nothing of it will be sent.',
    ],
    facts: [fact('Reason', event.data['reason'])],
  }),

  refund: (news) => ({
    subject: 'Refund for your order #',
    title: 'Your refund',
    paragraphs: [refundSentence(news)],
    facts: [...refundFacts(news), fact('Reason', news.event.data['reason'])],
  }),
};

/** A fact that is not there has no value, and is left out. */
const fact = (label: string, value: unknown): Fact => ({
  label,
  value: typeof value === 'string' ? value : '',
});

const trackingOf = (order: Order): string => {
  const numbers = order.fulfillments.flatMap(({ trackingNumber }) => trackingNumber ?? []);
  return [...new Set(numbers.length > 0 ? numbers : [order.trackingNumber ?? ''])].join(', ');
};

const methods: Readonly<Record<PaymentMethod, string>> = {
  balance: 'from your balance',
  cash: 'in cash',
  bank_transfer: 'by bank transfer',
  credit_card: 'by card',
};
const back: Readonly<Record<PaymentMethod, string>> = {
  balance: 'to your balance',
  cash: 'in cash',
  bank_transfer: 'by bank transfer',
  credit_card: 'to your card',
};

const paymentFacts = ({ paymentMethod, paid, total, currency }: Order): Fact[] => {
  if (paymentMethod === null || paid === 0) return [];
  const amount = amountIn(paid, currency);
  return [fact(paid < total ? 'Paid so far' : 'Paid', `${amount} ${methods[paymentMethod]}`)];
};

function refundSentence({ order, refund }: OrderNews): string {
  if (!refund) return 'Your order was closed as refunded. There was no payment to give back.';
  const amount = sum(refund.parts.map((part) => part.amount));
  return `We have given back ${amountIn(amount, order.currency)} for your order.`;
}

function refundFacts({ order, refund }: OrderNews): Fact[] {
  if (!refund) return [];
  return refund.parts.map(({ paymentId, amount }) => {
    const method = order.payments.find(({ id }) => id === paymentId)?.method;
    return fact('Refunded', `${amountIn(amount, order.currency)}${method ? ` ${back[method]}` : ''}`);
  });
}
