import type { Pool } from 'pg';

/** Copies of an order: how many, of which number on, and how many of them at the same millisecond. */
export type Copies = {
  readonly tenantId: string;
  /** An order that was placed and not touched since. */
  readonly orderId: string;
  readonly count: number;
  readonly first?: number;
  readonly perMoment?: number;
};

/**
 * Places an order many more times by one statement, with lines, stock, and an event that has left: every
 * invariant and every trigger holds for them as for the first one. There must be stock for all of them.
 */
export async function copyOrder({ pool }: { readonly pool: Pool }, copies: Copies): Promise<void> {
  const { tenantId, orderId, count, first = 1, perMoment = 1 } = copies;
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtextextended('publish ' || $1, 0))`, [tenantId]);
    await client.query(copying, [tenantId, orderId, count, first, perMoment]);
    await client.query('commit');
  } catch (thrown) {
    await client.query('rollback');
    throw thrown;
  } finally {
    client.release();
  }
}

const iso = `to_char(n.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const copying = `
  with n as materialized (
    select g, uuidv7() as id, 'ORD-20200101-' || to_char(g, 'FM0000000') as number,
      timestamptz '2020-01-01 00:00Z' + (g / $5::int) * interval '1 millisecond' as at
    from generate_series($4::int, $4::int + $3::int - 1) g
  ), l as materialized (
    select n.id as order_id, n.at, i.id as source, i.position, uuidv7() as id
    from n, order_items i where i.tenant_id = $1 and i.order_id = $2
  ), orders_in as (
    insert into orders select r.* from n, orders o, jsonb_populate_record(o, jsonb_build_object('id', n.id,
      'number', n.number, 'created_at', n.at, 'updated_at', n.at, 'placed_at', n.at)) r
    where o.tenant_id = $1 and o.id = $2
  ), items_in as (
    insert into order_items select r.* from l
    join order_items i on i.tenant_id = $1 and i.order_id = $2 and i.id = l.source,
    jsonb_populate_record(i, jsonb_build_object('id', l.id, 'order_id', l.order_id)) r
  ), moves as materialized (
    select r.* from l join stock_movements m on m.tenant_id = $1 and m.order_id = $2 and m.line_id = l.source,
    jsonb_populate_record(m, jsonb_build_object('id', uuidv7(), 'order_id', l.order_id, 'line_id', l.id,
      'command_id', l.order_id, 'at', l.at)) r
  ), moves_in as (
    insert into stock_movements select * from moves
  ), levels_up as (
    update stock_levels s set reserved = s.reserved + m.reserved, version = s.version + 1
    from (select variant_id, location_id, sum(reserved) as reserved from moves group by 1, 2) m
    where s.tenant_id = $1 and s.variant_id = m.variant_id and s.location_id = m.location_id
  ), lines as materialized (
    select l.order_id, jsonb_agg(line || jsonb_build_object('id', l.id) order by l.position) as lines
    from l join (
      select line, (line->>'id')::uuid as source
      from events e, jsonb_array_elements(e.data->'order'->'lines') line
      where e.tenant_id = $1 and e.order_id = $2 and e.version = 1 and e.idx = 0
    ) e using (source) group by 1
  ), told as materialized (
    select n.g, r as event from n join lines on lines.order_id = n.id, events e,
      jsonb_populate_record(e, jsonb_build_object('id', uuidv7(), 'order_id', n.id, 'command_id', n.id,
        'at', n.at, 'published_at', n.at, 'data', jsonb_build_object('order', e.data->'order'
          || jsonb_build_object('id', n.id, 'number', n.number, 'lines', lines.lines,
            'createdAt', ${iso}, 'updatedAt', ${iso}, 'placedAt', ${iso})))) r
    where e.tenant_id = $1 and e.order_id = $2 and e.version = 1 and e.idx = 0
  ), last as materialized (
    select feed_seq, hash from events where tenant_id = $1 and feed_seq is not null
    order by feed_seq desc limit 1
  ), chain as materialized (
    select event, coalesce((select feed_seq from last), 0) + row_number() over (order by g) as feed_seq,
      chained((select hash from last), event_digest(event))
        over (order by g rows unbounded preceding) as hash
    from told
  )
  insert into events overriding user value
  select r.* from chain,
    jsonb_populate_record(event, jsonb_build_object('feed_seq', feed_seq, 'hash', hash)) r`;
