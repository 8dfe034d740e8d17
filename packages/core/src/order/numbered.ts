import type { OrderEvent } from './events.ts';
import type { Instant } from './order.ts';

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
