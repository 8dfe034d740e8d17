import {
  type Address,
  commandScopes,
  decide,
  type DecideContext,
  type Details,
  type EditedLine,
  type EditOrder,
  err,
  evolve,
  linesOf,
  may,
  ok,
  type Order,
  type OrderCommand,
  type OrderEvent,
  type OrderStatus,
  type Result,
  transitions,
} from '@orderloom/core';
import type { Refusal } from '../../errors.ts';
import type { Actor } from '../../trpc.ts';

/** A line as it shall be; `lineId` tells lines of one variant apart that have different prices. */
export type NewLine = EditedLine & { readonly storeId: string | undefined };

/** An address that is named: what the address book says, where it knows it. */
export type NamedAddress = {
  readonly id: string;
  readonly found: (Address & { readonly customerId: string | null }) | undefined;
};
type Place = 'shippingAddress' | 'billingAddress';

/** An order as it shall be, all of it one version; what is left out stays. */
export type Update = {
  readonly type: 'updateOrder';
  readonly details: Partial<Omit<Details, Place>>;
  readonly addresses: Readonly<Record<Place, NamedAddress | null | undefined>>;
  /** All lines that the order shall have. */
  readonly items: readonly NewLine[] | undefined;
  readonly status: OrderStatus | undefined;
  readonly overridePrice: boolean;
};

/** An update that leaves everything as it is. */
export const plainUpdate: Update = {
  type: 'updateOrder',
  details: {},
  addresses: { shippingAddress: undefined, billingAddress: undefined },
  items: undefined,
  status: undefined,
  overridePrice: false,
};

type Step = Result<OrderCommand | null, Refusal>;
type Context = DecideContext & { readonly ctx: Actor };

/** What an update does: its lines first, then what is written on the order, then its status. */
export function update(order: Order, asked: Update, context: Context): Result<OrderEvent[], Refusal> {
  const { ctx, ...around } = context;
  const steps = [
    () => editOf(order, asked),
    () => describeOf(order, asked),
    (now: Order) => statusOf(now, asked, ctx),
  ];
  const events: OrderEvent[] = [];
  let now = order;
  for (const step of steps) {
    const before = { ...now, version: order.version };
    const command = step(before);
    if (!command.ok) return command;
    if (command.value === null) continue;
    const decided = decide(before, command.value, around);
    if (!decided.ok) return decided;
    events.push(...decided.value);
    now = decided.value.reduce(evolve, before);
  }
  return ok(events);
}

/** The edit that gives an order these lines and no others; an order keeps to its store. */
export function editOf(order: Order, { items, overridePrice }: Update): Result<EditOrder | null, Refusal> {
  if (!items) return ok(null);
  const line = items.findIndex(
    ({ storeId }) => order.storeId !== null && storeId !== undefined && storeId !== order.storeId,
  );
  const foreign = items[line];
  if (foreign) return err({ code: 'STORE_MISMATCH', line, ref: foreign.ref });
  const kept = linesOf(order);
  const lost = items.findIndex(({ lineId }) => lineId !== undefined && !kept.some(({ id }) => id === lineId));
  if (lost >= 0) return err({ code: 'REFERENCE_UNKNOWN', field: `items.${lost}.id`, what: 'Order item' });
  const asked = items.map((item) => meant(item, kept));
  const named = new Set(asked.map(keyOf));
  const dropped = kept
    .map((one) =>
      meant({ variantId: one.variantId, ref: one.requestedRef, quantity: 0, lineId: one.id }, kept),
    )
    .filter((one) => !named.has(keyOf(one)));
  const lines = [...asked, ...dropped];
  const isSame = [...Map.groupBy(lines, keyOf)].every(([key, all]) => {
    const own = kept.filter(({ id, variantId }) => id === key || variantId === key);
    const prices = all.flatMap(({ unitPrice }) => unitPrice ?? []);
    return (
      piecesOf(own) === piecesOf(all) &&
      own.every(({ unitPrice }) => prices.every((one) => one === unitPrice))
    );
  });
  return ok(isSame ? null : { type: 'editOrder', lines, overridePrice });
}

const keyOf = ({ lineId, variantId }: EditedLine): string => lineId ?? variantId;
const piecesOf = (lines: readonly { readonly quantity: number }[]): number =>
  lines.reduce((pieces, { quantity }) => pieces + quantity, 0);

/** Lines of one variant are one, wherever they lie, unless their prices differ. */
function meant({ storeId: _, ...item }: Partial<NewLine> & EditedLine, kept: Order['lines']): EditedLine {
  const { lineId, ...said } = item;
  const own = kept.filter(({ variantId }) => variantId === item.variantId);
  if (new Set(own.map(({ unitPrice }) => unitPrice)).size < 2) return said;
  const line =
    own.find(({ id }) => id === lineId) ??
    own.find(({ unitPrice }) => unitPrice === item.unitPrice) ??
    own[0];
  return line ? { ...said, lineId: line.id } : said;
}

/** What is written on the order; an address that it has already is not copied anew. */
function describeOf(order: Order, { details, addresses }: Update): Step {
  const copies: Partial<Record<Place, Address | null>> = {};
  for (const place of ['shippingAddress', 'billingAddress'] as const) {
    const named = addresses[place];
    if (named === undefined || (named !== null && named.id === order[place]?.id)) continue;
    if (named !== null && named.found?.customerId !== order.customerId)
      return err({ code: 'REFERENCE_UNKNOWN', field: place, what: 'Address' });
    const { customerId: _, ...copy } = named?.found ?? { customerId: null };
    copies[place] = 'id' in copy ? copy : null;
  }
  return ok({ type: 'describeOrder', details: { ...details, ...copies } });
}

/** The one step to a status: only those who reach all orders write it, with the right to that step. */
function statusOf(order: Order, { status }: Update, { caller, reach }: Actor): Step {
  if (status === undefined || status === order.status) return ok(null);
  if (reach !== 'all') return err({ code: 'FORBIDDEN', scope: 'orders:update_all' });
  const from = order.status;
  const step = transitions.find((one) => one.from === from && one.to === status);
  const name = (step ?? transitions.findLast((one) => one.to === status))?.command ?? 'placeOrder';
  if (!step || name === 'createDraft' || name === 'placeOrder')
    return err({ code: 'INVALID_TRANSITION', from, command: name });
  if (!may(caller, commandScopes[name].all))
    return err({ code: 'FORBIDDEN', scope: commandScopes[name].all });
  switch (name) {
    case 'confirmDraft':
      return ok({ type: name, declaredTotal: order.total });
    case 'shipOrder':
      return ok({ type: name, trackingNumber: order.trackingNumber });
    case 'discardDraft':
    case 'cancelOrder':
    case 'refundOrder':
      return ok({ type: name, reason: 'not given' });
    default:
      return ok({ type: name });
  }
}
