import { statistics } from './tally-invariant.ts';

/**
 * A query that finds what breaks an invariant: `subject`, `expected` and `found`; $1 is the
 * tenant.
 */
export type Invariant = { readonly id: string; readonly title: string; readonly sql: string };

const reserving = `('PENDING', 'CONFIRMED', 'PROCESSING')`;
const open = `i.quantity - i.cancelled_quantity - i.shipped_quantity`;

const stock: readonly Invariant[] = [
  {
    id: 'I-1',
    title: 'nothing lies or is reserved below zero',
    sql: `select variant_id || ' at ' || location_id as subject,
        '>= 0' as expected, on_hand || ', ' || reserved as found
      from stock_levels where tenant_id = $1 and (on_hand < 0 or reserved < 0)`,
  },
  {
    id: 'I-2',
    title: 'no oversell',
    sql: `select variant_id || ' at ' || location_id as subject,
        -backorder_limit as expected, on_hand - reserved as found
      from stock_levels where tenant_id = $1 and on_hand - reserved < -backorder_limit`,
  },
  {
    id: 'I-3',
    title: 'what is reserved is what open lines hold',
    sql: `select variant_id || ' at ' || location_id as subject,
        coalesce(held, 0) as expected, coalesce(reserved, 0) as found
      from (select variant_id, location_id, reserved from stock_levels where tenant_id = $1) l
      full join (
        select i.variant_id, i.location_id, sum(${open}) as held
        from order_items i join orders o on o.tenant_id = $1 and o.id = i.order_id
        where i.tenant_id = $1 and o.status in ${reserving} group by 1, 2
      ) h using (variant_id, location_id)
      where coalesce(held, 0) <> coalesce(reserved, 0)`,
  },
  {
    id: 'I-4',
    title: 'levels are the sum of their movements',
    sql: `select variant_id || ' at ' || location_id as subject,
        moved as expected, lying as found
      from (
        select variant_id, location_id, on_hand || ', ' || reserved as lying
        from stock_levels where tenant_id = $1
      ) l
      left join (
        select variant_id, location_id, sum(on_hand) || ', ' || sum(reserved) as moved
        from stock_movements where tenant_id = $1 group by 1, 2
      ) m using (variant_id, location_id)
      where coalesce(moved, '0, 0') <> lying`,
  },
  {
    id: 'I-5',
    title: 'the quantities of a line fit into each other',
    sql: `select i.id as subject, 'delivered <= shipped <= quantity - cancelled' as expected,
        to_json(i) as found
      from order_items i where tenant_id = $1 and not (
        delivered_quantity between 0 and shipped_quantity
        and shipped_quantity <= quantity - cancelled_quantity
        and returned_quantity between 0 and shipped_quantity and refunded_quantity between 0 and quantity)`,
  },
  {
    id: 'I-6',
    title: 'a line holds what is open of it, and nothing in any other state',
    sql: `select i.id as subject, case when o.status in ${reserving} then ${open} else 0 end as expected,
        coalesce(m.held, 0) as found
      from order_items i join orders o on o.tenant_id = $1 and o.id = i.order_id
      left join (
        select line_id, sum(reserved) as held from stock_movements where tenant_id = $1 group by line_id
      ) m on m.line_id = i.id
      where i.tenant_id = $1
        and coalesce(m.held, 0) <> case when o.status in ${reserving} then ${open} else 0 end`,
  },
];

const money: readonly Invariant[] = [
  {
    id: 'I-7',
    title: 'every entry adds up to zero',
    sql: `select p.entry_id as subject, 0 as expected, sum(p.amount_minor) as found
      from postings p join journal_entries e on e.tenant_id = $1 and e.id = p.entry_id
      where p.tenant_id = $1 group by p.entry_id
      having sum(p.amount_minor) <> 0 or bool_or(p.currency <> e.currency)`,
  },
  {
    id: 'I-8',
    title: 'a balance is the sum of its postings and not below its floor',
    sql: `select coalesce(a.account, p.account) || ' ' || currency as subject,
        coalesce(p.posted, 0) as expected,
        coalesce(a.balance_minor, 0) as found
      from (
        select 'customer-' || kind || ':' || customer_id as account, currency, balance_minor, floor_minor
        from accounts where tenant_id = $1
      ) a
      full join (
        select account, currency, sum(amount_minor) as posted from postings
        where tenant_id = $1 and account like 'customer-%' group by 1, 2
      ) p using (account, currency)
      where coalesce(p.posted, 0) <> coalesce(a.balance_minor, 0) or a.balance_minor < a.floor_minor`,
  },
  {
    id: 'I-9',
    title: 'refunded <= captured <= authorized <= amount',
    sql: `select id as subject, 'refunded <= captured <= authorized <= amount' as expected,
        concat_ws(', ', refunded_minor, captured_minor, authorized_minor, amount_minor) as found
      from payments where tenant_id = $1 and not (0 <= refunded_minor and refunded_minor <= captured_minor
        and captured_minor <= authorized_minor and authorized_minor <= amount_minor)`,
  },
  {
    id: 'I-10',
    title: 'an order adds up from its lines and charges',
    sql: `select o.id as subject, concat_ws(', ', l.subtotal, l.discount, l.tax, c.shipping,
          coalesce(declared_total_minor, l.subtotal - l.discount + c.shipping + l.tax)) as expected,
        concat_ws(', ', subtotal_minor, discount_minor, tax_minor, shipping_minor, total_minor) as found
      from orders o,
        lateral (select coalesce(sum(unit_price_minor * quantity), 0) as subtotal,
          coalesce(sum(i.discount_minor), 0) as discount, coalesce(sum(i.tax_minor), 0) as tax
          from order_items i where i.tenant_id = $1 and i.order_id = o.id) l,
        lateral (select coalesce(sum(amount_minor), 0) as shipping from order_charges c
          where c.tenant_id = $1 and c.order_id = o.id and c.kind = 'SHIPPING') c
      where o.tenant_id = $1
        and (subtotal_minor, discount_minor, tax_minor, shipping_minor, total_minor) is distinct from
        (l.subtotal, l.discount, l.tax, c.shipping,
         coalesce(declared_total_minor, l.subtotal - l.discount + c.shipping + l.tax))`,
  },
  {
    id: 'I-10',
    title: 'the first line of an item knows what its lines come to',
    sql: `select i.id as subject, concat_ws(', ', n.quantity, n.total) as expected,
        concat_ws(', ', i.item_quantity, i.item_total_minor) as found
      from order_items i left join (
        select id, sum(quantity) over item as quantity, sum(total_minor) over item as total,
          row_number() over (item order by position) as place
        from order_items where tenant_id = $1 and quantity > 0
        window item as (partition by order_id, variant_id, unit_price_minor)
      ) n on n.id = i.id and n.place = 1
      where i.tenant_id = $1
        and (i.item_quantity, i.item_total_minor) is distinct from (n.quantity, n.total)`,
  },
  {
    id: 'I-11',
    title: 'what an order was paid is what its payments say and what the ledger took for it',
    sql: `select o.id as subject, concat_ws(', ', paid, refunded, paid - refunded) as expected,
        concat_ws(', ', paid_minor, refunded_minor, taken) as found
      from orders o
      cross join lateral (
        select coalesce(sum(captured_minor), 0) as paid, coalesce(sum(p.refunded_minor), 0) as refunded
        from payments p where p.tenant_id = $1 and p.order_id = o.id) p
      left join (
        select e.order_id, -sum(amount_minor) as taken
        from journal_entries e join postings s on s.tenant_id = $1 and s.entry_id = e.id
        where e.tenant_id = $1 and e.order_id is not null
          and (account = 'cash' or account like 'gateway:%' or account like 'customer-%')
        group by 1
      ) t on t.order_id = o.id
      where o.tenant_id = $1
        and (paid_minor <> paid or o.refunded_minor <> refunded or coalesce(taken, 0) <> paid - refunded)`,
  },
  {
    id: 'I-21',
    title: 'one currency for an order and all its money',
    sql: `select o.id as subject, o.currency as expected, m.currency as found
      from orders o join (
        select order_id, currency from payments where tenant_id = $1
        union select order_id, currency from journal_entries where tenant_id = $1
      ) m on m.order_id = o.id
      where o.tenant_id = $1 and m.currency <> o.currency`,
  },
];

const history: readonly Invariant[] = [
  {
    id: 'I-13',
    title: 'versions begin at 1 and grow by 1',
    sql: `select o.id as subject, o.version as expected, coalesce(v.versions, 0) as found
      from orders o left join (
        select order_id, count(distinct version) as versions, max(version) as last
        from events where tenant_id = $1 and order_id is not null group by 1
      ) v on v.order_id = o.id
      where o.tenant_id = $1 and (coalesce(v.versions, 0) <> o.version or v.last <> o.version)`,
  },
  {
    id: 'I-14',
    title: 'the events of an order lead without a gap to its status',
    sql: `select order_id as subject, before || ' ... ' || status as expected,
        from_status || ' ... ' || to_status as found
      from (
        select e.order_id, coalesce(e.from_status, '') as from_status, e.to_status, o.status,
          coalesce(lag(e.to_status) over path, '') as before,
          row_number() over (partition by e.order_id order by e.version desc, e.idx desc) as from_end
        from events e join orders o on o.tenant_id = $1 and o.id = e.order_id
        where e.tenant_id = $1 window path as (partition by e.order_id order by e.version, e.idx)
      ) p where from_status <> before or (from_end = 1 and to_status <> status)`,
  },
  {
    id: 'I-15',
    title: 'published feed numbers are 1, 2, 3 and so on',
    sql: `select 'feed' as subject, count(*) as expected, max(feed_seq) as found
      from events where tenant_id = $1 and feed_seq is not null
      having count(*) <> max(feed_seq) or min(feed_seq) <> 1`,
  },
  {
    id: 'I-15',
    title: 'the hash chain of what was published is intact',
    sql: `select 'feed ' || feed_seq as subject, due as expected, hash as found
      from (
        select feed_seq, hash,
          chain_step(lag(hash) over (order by feed_seq), '', event_digest(e)) as due
        from events e where e.tenant_id = $1 and feed_seq is not null
      ) c where due is distinct from hash`,
  },
  {
    id: 'I-17',
    title: 'a finished key has its answer',
    sql: `select principal_id || ' ' || route || ' ' || key as subject,
        'an answer' as expected, 'none' as found
      from idempotency_records where tenant_id = $1 and state = 'DONE' and (status is null or body is null)`,
  },
  {
    id: 'I-18',
    title: 'whoever acted belongs to the tenant',
    sql: `select a.id as subject, 'a principal of the tenant' as expected, a.actor_id as found
      from (
        select id, actor_id from events where tenant_id = $1
        union all select id, actor_id from stock_movements where tenant_id = $1
        union all select id, actor_id from journal_entries where tenant_id = $1
      ) a
      where actor_id is not null
        and not exists (select from principals p where p.tenant_id = $1 and p.id = a.actor_id)`,
  },
  {
    id: 'I-19',
    title: 'a placed order has a number',
    sql: `select id as subject, 'a number' as expected, 'none' as found
      from orders where tenant_id = $1 and placed_at is not null and number is null`,
  },
  {
    id: 'I-22',
    title: 'price and shares of a line are those it was placed or last edited with',
    sql: `select i.id as subject,
        concat_ws(', ', l.line->>'unitPrice', l.line->>'discount', l.line->>'tax') as expected,
        concat_ws(', ', i.unit_price_minor, i.discount_minor, i.tax_minor) as found
      from order_items i
      join (
        select distinct on (e.order_id, line->>'id') (line->>'id')::uuid as id, line
        from events e, jsonb_array_elements(coalesce(e.data->'order'->'lines', e.data->'lines')) line
        where e.tenant_id = $1 and e.order_id is not null
          and e.type in ('order.placed', 'order.edited', 'order.confirmed')
        order by e.order_id, line->>'id', e.version desc, e.idx desc
      ) l on l.id = i.id
      where i.tenant_id = $1
        and concat_ws(', ', l.line->>'unitPrice', l.line->>'discount', l.line->>'tax')
          <> concat_ws(', ', i.unit_price_minor, i.discount_minor, i.tax_minor)`,
  },
];

/** A group and a payment of one have no amounts of their own: they are what their parts add up to. */
const groups: readonly Invariant[] = [
  {
    id: 'I-20',
    title: 'the orders of a group were one request: of one customer and way of shipping, each of its store',
    sql: `select g.id as subject, concat_ws(', ', g.customer_id, g.currency, '2 or more stores') as expected,
        string_agg(concat_ws(', ', o.customer_id, o.currency, o.number), '; ') as found
      from order_groups g join orders o on o.tenant_id = $1 and o.group_id = g.id
      left join (
        select order_id, command_id, data->'order'->>'storeId' as store_id,
          data->'order'->>'shippingMethod' as method
        from events where tenant_id = $1 and type = 'order.placed'
      ) e on e.order_id = o.id
      where g.tenant_id = $1 group by g.tenant_id, g.id
      having count(o.id) < 2 or count(distinct e.store_id) <> count(o.id)
        or count(distinct coalesce(e.method, '')) <> 1
        or bool_or(o.customer_id is distinct from g.customer_id or o.currency <> g.currency)`,
  },
  {
    id: 'I-20',
    title: 'the parts of one payment are of the orders of one group, one of each, and alike',
    sql: `select p.group_payment_id as subject,
        'one group, one method, one reference, one part of an order' as expected,
        json_agg(json_build_array(o.group_id, p.method, p.reference, p.order_id)) as found
      from payments p join orders o on o.tenant_id = $1 and o.id = p.order_id
      where p.tenant_id = $1 and p.group_payment_id is not null group by p.group_payment_id
      having bool_or(o.group_id is null) or count(distinct o.group_id) > 1
        or count(distinct p.order_id) <> count(*) or count(distinct p.method) > 1
        or count(distinct p.currency) > 1 or count(distinct coalesce(p.reference, '')) > 1`,
  },
];

/** I-12 and I-16 need core's words and are in `check`. */
export const invariants: readonly Invariant[] = [...stock, ...money, ...history, ...groups, ...statistics];
