import type { EntityManager } from '@mikro-orm/postgresql';
import { isOrderNumber } from '@orderloom/core';
import { holding, type ListSpec, type Push } from '../lists/list.ts';
import { run } from '../sql.ts';

const ofCustomer = (column: string) => (text: string, push: Push) =>
  `(select ${holding(`c.${column}`)(text, push)} from customers c
    where c.tenant_id = $1 and c.id = o.customer_id)`;

// Asked order by order: with the offset, the lines of all orders are not gathered for that.
/** Where a text is looked for among orders; any part of any of these finds an order. */
const places = {
  order_number: holding('o.number'),
  tracking_number: holding('o.tracking_number'),
  payment_reference: holding('o.payment_reference'),
  customer_name: ofCustomer('name'),
  customer_email: ofCustomer('email'),
  sku: (text, push) => `exists (select from order_items i
    join variants v on v.tenant_id = $1 and v.id = i.variant_id
    where i.tenant_id = $1 and i.order_id = o.id and i.quantity > 0 and ${holding('v.sku')(text, push)}
    offset 0)`,
} as const satisfies Readonly<Record<string, NonNullable<ListSpec['search']>>>;

export type OrderPlace = keyof typeof places;
export const orderPlaces: readonly OrderPlace[] = [
  'order_number',
  'tracking_number',
  'payment_reference',
  'customer_name',
  'customer_email',
  'sku',
];

/** As many as a list counts exactly: more are found quickly by going through the list itself. */
const foundAtMost = 10_000;

/**
 * How a list of orders is searched: a whole order number finds that order only; a text that few orders hold
 * is looked up, and one that many hold is compared row by row in the order of the list. Both find the same.
 */
export const orderSearch = (among: readonly OrderPlace[]): Pick<ListSpec, 'search' | 'find'> => {
  const isWhole = (text: string) => among.includes('order_number') && isOrderNumber(text);
  return {
    search: (text, push) => {
      if (isWhole(text)) return `o.number = ${push(text.toUpperCase())}`;
      const held = placesFor(text, among).map((place) => places[place](text, push));
      return held.length > 0 ? `(${held.join(' or ')})` : 'false';
    },
    find: async (em, text) => (isWhole(text) ? undefined : ordersHolding(em, text, placesFor(text, among))),
  };
};

// Codes as many as orders are found by three letters or digits in a row: less is in too many of them.
const placesFor = (text: string, among: readonly OrderPlace[]): readonly OrderPlace[] =>
  /[a-z\d]{3}/i.test(text)
    ? among
    : among.filter((place) => place !== 'tracking_number' && place !== 'payment_reference');

async function ordersHolding(
  em: EntityManager,
  text: string,
  among: readonly OrderPlace[],
): Promise<readonly string[] | null> {
  const [found] = await run<{ ids: readonly string[] | null }>(
    em,
    'select orders_holding($1, $2::text[], $3) as ids',
    [text, among, foundAtMost],
  );
  return found?.ids ?? null;
}
