import type { OrderEvent } from './events.ts';
import { fold } from './evolve.ts';
import type { Order } from './order.ts';

/** A field of an order that says something of its own: every change moves the version and its time. */
export type OrderField = Exclude<keyof Order, 'version' | 'updatedAt'>;

const isTelling = (field: string): field is OrderField => field !== 'version' && field !== 'updatedAt';

/**
 * The fields in which an order differs from one of its earlier versions, by its events from the first on, in
 * alphabetical order.
 */
export function changedSince(events: readonly OrderEvent[], version: number): readonly OrderField[] {
  const earlier = events.filter((event) => event.version <= version);
  if (earlier.length === 0 || earlier.length === events.length) return [];
  const [before, now] = [fieldsOf(fold(earlier)), fieldsOf(fold(events))];
  return [...now.keys()].filter((field) => before.get(field) !== now.get(field)).toSorted();
}

function fieldsOf(order: Order): ReadonlyMap<OrderField, string> {
  const fields = new Map<OrderField, string>();
  for (const [field, value] of Object.entries(order))
    if (isTelling(field)) fields.set(field, JSON.stringify(value));
  return fields;
}
