import type { MoveKind, OrderCommandName, OrderEventType, PaymentMethod } from '@orderloom/core';

const commands: Readonly<Record<OrderCommandName, string>> = {
  createDraft: 'Start a draft',
  placeOrder: 'Place',
  placeDraft: 'Place',
  confirmDraft: 'Confirm',
  discardDraft: 'Discard',
  confirmOrder: 'Confirm',
  startProcessing: 'Start processing',
  shipOrder: 'Ship',
  markOutForDelivery: 'Mark out for delivery',
  deliverOrder: 'Deliver',
  cancelOrder: 'Cancel order',
  refundOrder: 'Refund',
  closeOrder: 'Close',
};
export const commandText = (command: OrderCommandName): string => commands[command];

const methods: Readonly<Record<PaymentMethod, string>> = {
  balance: 'Balance',
  cash: 'Cash',
  bank_transfer: 'Bank transfer',
  credit_card: 'Credit card',
};
export const methodText = (method: PaymentMethod): string => methods[method];

const moves: Readonly<Record<MoveKind, string>> = {
  RECEIVE: 'Received',
  ADJUST: 'Adjusted',
  RESERVE: 'Reserved',
  RELEASE: 'Released',
  SHIP: 'Shipped',
  UNSHIP: 'Shipping undone',
  RETURN: 'Returned',
  WRITE_OFF: 'Written off',
  TRANSFER_OUT: 'Moved out',
  TRANSFER_IN: 'Moved in',
};
export const moveText = (kind: MoveKind): string => moves[kind];

const events: Readonly<Record<OrderEventType, string>> = {
  'order.drafted': 'Draft started',
  'order.placed': 'Order placed',
  'order.edited': 'Order edited',
  'order.described': 'Details changed',
  'stock.short': 'Too little in stock',
  'order.confirmed': 'Order confirmed',
  'order.processing': 'Processing started',
  'order.shipped': 'Order shipped',
  'order.out_for_delivery': 'Out for delivery',
  'order.delivered': 'Order delivered',
  'order.cancelled': 'Order cancelled',
  'order.refunded': 'Order refunded',
  'orders.closed': 'Order closed',
  'order.rated': 'Rated by the customer',
  'order.deleted': 'Order deleted',
  'payment.created': 'Payment recorded',
  'payment.described': 'Payment reference changed',
  'payment.deleted': 'Payment deleted',
  'payment.requested': 'Asked of the gateway',
  'payment.action_required': 'Waiting for the customer',
  'payment.request_failed': 'Declined by the gateway',
  'payment.authorized': 'Money set aside',
  'payment.captured': 'Payment taken',
  'payment.failed': 'Payment failed',
  'payment.voided': 'Payment let go',
  'payment.expired': 'Payment expired',
  'payment.refunded': 'Money given back',
  'refund.begun': 'Refund started',
  'refund.failed': 'Refund declined',
};

/** What an event is called; one that this console does not know yet keeps its own word. */
export const eventText = (type: string): string =>
  new Map<string, string>(Object.entries(events)).get(type) ?? type;
