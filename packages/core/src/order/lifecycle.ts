import { type Order, openQuantity, type OrderStatus } from './order.ts';

/** The commands that move an order from one state to another. */
export const orderCommands = [
  'createDraft',
  'placeOrder',
  'placeDraft',
  'confirmDraft',
  'discardDraft',
  'confirmOrder',
  'startProcessing',
  'shipOrder',
  'markOutForDelivery',
  'deliverOrder',
  'cancelOrder',
  'refundOrder',
  'closeOrder',
] as const;
/** One command of the state machine. */
export type OrderCommandName = (typeof orderCommands)[number];

/** One line of the state machine; `from` is `null` where the order is new. */
export type Transition = {
  readonly id: string;
  readonly from: OrderStatus | null;
  readonly to: OrderStatus;
  readonly command: OrderCommandName;
};

/** The state machine: the API, the console's buttons and the database's net read this table. */
export const transitions = [
  { id: 'T1', from: null, to: 'DRAFT', command: 'createDraft' },
  { id: 'T2', from: null, to: 'PENDING', command: 'placeOrder' },
  { id: 'T3', from: 'DRAFT', to: 'PENDING', command: 'placeDraft' },
  { id: 'T4', from: 'DRAFT', to: 'CONFIRMED', command: 'confirmDraft' },
  { id: 'T5', from: 'DRAFT', to: 'CANCELLED', command: 'discardDraft' },
  { id: 'T6', from: 'PENDING', to: 'CONFIRMED', command: 'confirmOrder' },
  { id: 'T7', from: 'PENDING', to: 'CANCELLED', command: 'cancelOrder' },
  { id: 'T8', from: 'CONFIRMED', to: 'PROCESSING', command: 'startProcessing' },
  { id: 'T9', from: 'CONFIRMED', to: 'SHIPPED', command: 'shipOrder' },
  { id: 'T10', from: 'CONFIRMED', to: 'CANCELLED', command: 'cancelOrder' },
  { id: 'T11', from: 'CONFIRMED', to: 'CLOSED', command: 'closeOrder' },
  { id: 'T12', from: 'PROCESSING', to: 'SHIPPED', command: 'shipOrder' },
  { id: 'T13', from: 'PROCESSING', to: 'CANCELLED', command: 'cancelOrder' },
  { id: 'T14', from: 'SHIPPED', to: 'OUT_FOR_DELIVERY', command: 'markOutForDelivery' },
  { id: 'T15', from: 'SHIPPED', to: 'DELIVERED', command: 'deliverOrder' },
  { id: 'T16', from: 'SHIPPED', to: 'CANCELLED', command: 'cancelOrder' },
  { id: 'T17', from: 'SHIPPED', to: 'REFUNDED', command: 'refundOrder' },
  { id: 'T18', from: 'OUT_FOR_DELIVERY', to: 'DELIVERED', command: 'deliverOrder' },
  { id: 'T19', from: 'OUT_FOR_DELIVERY', to: 'CANCELLED', command: 'cancelOrder' },
  { id: 'T20', from: 'OUT_FOR_DELIVERY', to: 'REFUNDED', command: 'refundOrder' },
  { id: 'T21', from: 'DELIVERED', to: 'CANCELLED', command: 'cancelOrder' },
  { id: 'T22', from: 'DELIVERED', to: 'REFUNDED', command: 'refundOrder' },
  { id: 'T23', from: 'DELIVERED', to: 'CLOSED', command: 'closeOrder' },
  { id: 'T24', from: 'CANCELLED', to: 'REFUNDED', command: 'refundOrder' },
] as const satisfies readonly Transition[];

/** Where `command` leads from `status`, or `undefined` where it leads nowhere. */
export const transitionOf = (status: OrderStatus | null, command: OrderCommandName): Transition | undefined =>
  transitions.find((transition) => transition.from === status && transition.command === command);

/** What a tenant decides about the machine's guards. */
export type OrderPolicy = {
  /** What an order must be before its money is in; by default it may be shipped unpaid. */
  readonly requirePaidBefore: 'none' | 'confirm' | 'ship';
  /** Whether this caller may cancel goods that have left the house. */
  readonly cancelShipped: boolean;
};

/** Why a command may not be carried out on an order as it stands. */
export type GuardRefusal =
  | { readonly code: 'INVALID_TRANSITION'; readonly from: OrderStatus; readonly command: OrderCommandName }
  | { readonly code: 'PAYMENT_REQUIRED'; readonly total: number; readonly paid: number }
  | { readonly code: 'ORDER_HAS_OPEN_LINES'; readonly open: number }
  | { readonly code: 'NOTHING_SHIPPED' }
  | { readonly code: 'CANCEL_AFTER_SHIPPING'; readonly from: OrderStatus };

const shippedStates: readonly OrderStatus[] = ['SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'];

/** Says why `command` is refused for `order`, or `null` when it may be carried out. */
export function refusalOf(order: Order, command: OrderCommandName, policy: OrderPolicy): GuardRefusal | null {
  if (!transitionOf(order.status, command))
    return { code: 'INVALID_TRANSITION', from: order.status, command };
  const open = order.lines.reduce((pieces, line) => pieces + openQuantity(line), 0);
  const mustBePaid =
    (command === 'confirmOrder' && policy.requirePaidBefore === 'confirm') ||
    (command === 'shipOrder' && policy.requirePaidBefore !== 'none');
  if (mustBePaid && order.paid - order.refunded < order.total)
    return { code: 'PAYMENT_REQUIRED', total: order.total, paid: order.paid - order.refunded };
  if (command === 'closeOrder' && order.status === 'CONFIRMED' && open > 0)
    return { code: 'ORDER_HAS_OPEN_LINES', open };
  if (command === 'cancelOrder' && shippedStates.includes(order.status) && !policy.cancelShipped)
    return { code: 'CANCEL_AFTER_SHIPPING', from: order.status };
  if (order.status === 'CANCELLED' && command === 'refundOrder' && order.fulfillments.length === 0)
    return { code: 'NOTHING_SHIPPED' };
  return null;
}

/** Whether `command` may be carried out on `order` now. */
export const can = (order: Order, command: OrderCommandName, policy: OrderPolicy): boolean =>
  refusalOf(order, command, policy) === null;

/** A command that the order's state knows, and what stands in its way. */
export type NextAction = {
  readonly command: OrderCommandName;
  readonly to: OrderStatus;
  readonly refusal: GuardRefusal | null;
};

/** What could come next for an order, always in the order of the table: the console's buttons. */
export const nextActions = (order: Order, policy: OrderPolicy): NextAction[] =>
  transitions
    .filter(({ from }) => from === order.status)
    .map(({ command, to }) => ({ command, to, refusal: refusalOf(order, command, policy) }));
