import {
  facetsOf,
  type FulfillmentFacet,
  fulfillmentFacets,
  type Instant,
  type OrderStatus,
  type PaymentFacet,
  paymentFacets,
  paymentMethods,
  paymentWordOf,
  paymentWords,
  statuses,
} from '@orderloom/core';
import { escapeLiteral } from 'pg';
import { type ListFilter, plainly } from '../lists/filter.ts';
import type { ListSpec, SortColumn } from '../lists/list.ts';
import { instant } from '../sql.ts';
import { type OrderPlace, orderPlaces, orderSearch } from './order-search.ts';

export type OrderSummary = {
  readonly id: string;
  readonly number: string | null;
  readonly version: number;
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentFacet;
  readonly fulfillmentStatus: FulfillmentFacet;
  readonly customerName: string | null;
  readonly storeName: string | null;
  readonly currency: string;
  readonly total: number;
  readonly pieces: number;
  readonly createdAt: Instant;
};

const summary = {
  columns: `
    o.id, o.number, o.version, o.status, o.payment_status as "paymentStatus",
    o.fulfillment_status as "fulfillmentStatus", c.name as "customerName", s.name as "storeName",
    o.currency, o.total_minor as total, ${instant('o.created_at')} as "createdAt",
    (select coalesce(sum(i.quantity - i.cancelled_quantity), 0) from order_items i
      where i.tenant_id = o.tenant_id and i.order_id = o.id) as pieces`,
  joins: `
    left join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
    left join stores s on s.tenant_id = o.tenant_id and s.id = o.store_id`,
};

// As the index orders_payment has it: by the printed word first, then by the finer one.
const payment = `case o.payment_status
  when 'overpaid' then 'paid, overpaid' when 'paid' then 'paid, paid'
  when 'partially_refunded' then 'paid, partially_refunded'
  when 'authorized' then 'pending, authorized' when 'partially_paid' then 'pending, partially_paid'
  when 'unpaid' then 'pending, unpaid' else o.payment_status end`;
const paymentOf = (facet: PaymentFacet): string => {
  const word = paymentWordOf(facet);
  return word === 'refunded' ? word : `${word}, ${facet}`;
};
const paid = (facets: readonly PaymentFacet[]) => facets.map(paymentOf);
const finer = Object.fromEntries(paymentFacets.map((facet) => [facet, paid([facet])]));
const said = Object.fromEntries(paymentWords.map((word) => [word, paid(facetsOf(word))]));
const words = Object.fromEntries(statuses.map((status) => [status.toLowerCase(), [status]]));

const filters = {
  status: { kind: 'word', column: 'o.status', words: { ...words, ordered: ['PENDING'] } },
  payment_status: { kind: 'word', column: payment, words: { ...finer, ...said } },
  payment_method: { kind: 'word', column: 'o.payment_method', words: plainly(paymentMethods) },
  shipping_method: { kind: 'text', column: 'o.shipping_method' },
  store: { kind: 'named', column: 'o.store_id', of: 'stores' },
  customer_id: { kind: 'named', column: 'o.customer_id', of: 'customers' },
  created_after: { kind: 'since', column: 'o.created_at' },
  created_before: { kind: 'before', column: 'o.created_at' },
} as const satisfies Readonly<Record<string, ListFilter>>;

export type OrderFilter = keyof typeof filters;
export const orderFilters: readonly OrderFilter[] = [
  'status',
  'payment_status',
  'payment_method',
  'shipping_method',
  'store',
  'customer_id',
  'created_after',
  'created_before',
];

const created: SortColumn = ['o.created_at', 'timestamptz'];
const id: SortColumn = ['o.id', 'uuid'];
const byMoment = [created, id];
/** A draft has no number yet. */
const numberOfDraft: SortColumn = ["coalesce(o.number, '')", 'text'];
const orderings = {
  created_at: created,
  updated_at: ['o.updated_at', 'timestamptz'],
  order_number: ['o.number', 'text'],
  total_amount: ['o.total_minor', 'bigint'],
  status: ['o.status', 'text'],
  payment_status: [payment, 'text'],
} as const satisfies ListSpec['orderings'];

/** What of the list of orders is meant. */
export type OrderListing = {
  readonly name?: string;
  /** Whether drafts are in it. */
  readonly drafts?: boolean;
  /** Only those that came into being from this moment on. */
  readonly since?: Instant;
  /** Only those that are for no customer. */
  readonly forNobody?: boolean;
  /** The filters and the places of search that are left of all. */
  readonly filters?: readonly OrderFilter[];
  readonly search?: readonly OrderPlace[];
};

/** The orders of a tenant; of an order, only its id is told. */
export function ordersList(of: OrderListing = {}): ListSpec {
  const { name = 'orders', drafts = false, filters: left = orderFilters, search = orderPlaces } = of;
  const where = ['o.deleted_at is null'];
  if (!drafts) where.push(`o.status <> 'DRAFT'`);
  if (of.since) where.push(`o.created_at >= ${escapeLiteral(of.since)}`);
  if (of.forNobody) where.push('o.customer_id is null');
  return {
    name,
    table: 'orders',
    as: 'o',
    id: 'o.id',
    where: where.join(' and '),
    columns: 'o.id',
    filters: Object.fromEntries(left.map((one) => [one, filters[one]])),
    orderings: drafts ? { ...orderings, order_number: numberOfDraft } : orderings,
    ties: { status: byMoment, payment_status: byMoment, ...(drafts ? {} : { order_number: [] }) },
    ...orderSearch(search),
  };
}

/** Orders in a line each, drafts too, by the words of our own. */
export const orderSummaries: ListSpec = {
  ...ordersList({ name: 'order-summaries', drafts: true }),
  ...summary,
  filters: {
    status: filters.status,
    payment: { kind: 'word', column: payment, words: finer },
    fulfillment: { kind: 'word', column: 'o.fulfillment_status', words: plainly(fulfillmentFacets) },
    customer: filters.customer_id,
  },
};
