import type { OrderEvent } from './events.ts';
import type { Instant } from './order.ts';

/** The UTC day of a moment as `YYYYMMDD`: orders are numbered day by day. */
export const dayOf = (at: Instant): string => at.slice(0, 10).replaceAll('-', '');

/** An order number such as `ORD-20260115-0001` (S2-64): the UTC day and a counter of at least four digits. */
export const orderNumber = (at: Instant, serial: number): string =>
  `ORD-${dayOf(at)}-${String(serial).padStart(4, '0')}`;

/** Whether a text has the form of an order number. */
export const isOrderNumber = (text: string): boolean => /^ORD-\d{8}-\d{4,}$/i.test(text);

/** The moment for which events still want an order number (T2, T3, T4), or `null` when they want none. */
export function wantsNumber(events: readonly OrderEvent[]): Instant | null {
  const begun = events.find((event) => 'order' in event && event.order?.number === null);
  return begun && begun.type !== 'order.drafted' ? begun.at : null;
}

/** The same events with the number written where it was wanted. */
export const withNumber = (events: readonly OrderEvent[], number: string): OrderEvent[] =>
  events.map((event) =>
    'order' in event && event.order ? { ...event, order: { ...event.order, number } } : event,
  );
