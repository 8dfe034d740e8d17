import { err, ok, type Result } from '../result.ts';
import type { Details } from './commands.ts';
import { type EditRefusal, isEditable } from './edit.ts';
import type { OrderHappening } from './events.ts';
import { isCharged, linesOf, type Order } from './order.ts';
import type { PlaceRefusal, PlaceRules } from './place.ts';
import { shippingRefunded } from './refund.ts';
import { totalsOf } from './totals.ts';

/** Shipping that can no longer be changed: others of its group share it, or it was given back. */
export type ShippingFixed = { readonly code: 'SHIPPING_FIXED'; readonly shared: boolean };

/** Why what is written on an order could not be changed. */
export type DescribeRefusal = EditRefusal | PlaceRefusal | ShippingFixed;

/** What may be written on an order whatever becomes of it. */
const alwaysOpen: readonly string[] = ['notes', 'paymentReference', 'trackingNumber'];

/**
 * Changes what is written on an order beside its lines, and with another way of shipping what it is worth.
 * Where and how it goes can be changed until the first piece has left the house. What stays as it was is
 * nothing that happened.
 */
export function describe(
  order: Order,
  said: Partial<Details>,
  rules: PlaceRules,
): Result<readonly OrderHappening[], DescribeRefusal> {
  const details = changedOf(order, said);
  const changed = Object.keys(details);
  if (changed.length === 0) return ok([]);
  if (!isEditable(order) && changed.some((field) => !alwaysOpen.includes(field)))
    return err({ code: 'ORDER_NOT_EDITABLE', from: order.status });
  if (details.shippingMethod === undefined) return ok([{ type: 'order.described', details }]);
  const worth = shippedBy(order, details.shippingMethod, rules);
  return worth.ok
    ? ok([{ type: 'order.described', details, ...(worth.value && { worth: worth.value }) }])
    : worth;
}

/** The details that become others. */
function changedOf(order: Order, said: Partial<Details>): Partial<Details> {
  const details = { ...said };
  for (const field of fields) if (isSame(details[field], order[field])) delete details[field];
  return details;
}

const fields = [
  'notes',
  'paymentMethod',
  'paymentReference',
  'shippingMethod',
  'trackingNumber',
  'shippingAddress',
  'billingAddress',
] as const satisfies readonly (keyof Details)[];

type Detail = Details[keyof Details];

/** Addresses are compared by what they say. */
const isSame = (said: Detail | undefined, known: Detail): boolean =>
  typeof said === 'object' && said !== null && typeof known === 'object' && known !== null
    ? Object.entries(said).every(([part, value]) => value === Reflect.get(known, part))
    : said === known;

type Worth = Extract<OrderHappening, { type: 'order.described' }>['worth'];

/** What an order is worth when it is shipped that way; where shipping is never charged it stays. */
function shippedBy(
  order: Order,
  method: string | null,
  { shippingMethods, newId }: PlaceRules,
): Result<Worth, DescribeRefusal> {
  if (method !== null && !Object.hasOwn(shippingMethods, method))
    return err({ code: 'SHIPPING_METHOD_UNKNOWN', method });
  if (!isCharged(order)) return ok(undefined);
  if (linesOf(order).length === 0) return err({ code: 'ORDER_EMPTY' });
  if (order.groupId !== null) return err({ code: 'SHIPPING_FIXED', shared: true });
  if (shippingRefunded(order) > 0) return err({ code: 'SHIPPING_FIXED', shared: false });
  const shipping = method === null ? 0 : (shippingMethods[method] ?? 0);
  const known = order.charges.some(({ kind }) => kind === 'SHIPPING');
  const charges = order.charges.map((charge) =>
    charge.kind === 'SHIPPING' ? { ...charge, label: method ?? charge.label, amount: shipping } : charge,
  );
  if (!known && method !== null)
    charges.push({ id: newId(), kind: 'SHIPPING', label: method, amount: shipping });
  return ok({ charges, shipping, total: totalsOf(order.lines, shipping).total });
}
