import { Migration } from '@mikro-orm/migrations';

/**
 * Orders and payments counted as they are written: nobody counts a million rows to say how many there are.
 * Writers only append what has changed, so that none waits for another; a worker adds it up.
 */
export class Statistics extends Migration {
  override up(): void {
    this.addSql(tables);
    this.addSql(access);
    this.addSql(ofOrders);
    this.addSql(ofPayments);
    this.addSql(old);
  }

  override down(): void {
    this.addSql(`
      drop trigger payments_count_changed on payments;
      drop trigger payments_count_new on payments;
      drop trigger orders_move_payments on orders;
      drop trigger orders_hide_payments on orders;
      drop trigger orders_count_changed on orders;
      drop trigger orders_count_new on orders;
      drop function tally_payments(), tally_hidden_payments(), tally_moved_payments(), tally_orders();
      drop table tally_changes, tallies`);
  }
}

// Sums outgrow a bigint before anything else does: a statistic must never be why an order is refused.
const columns = `
  subject text not null check (subject in ('order', 'payment')),
  -- Nought where an order is of no store: keys know no null.
  store_id uuid not null,
  month text not null check (month ~ '^\\d{4}-\\d\\d$'),
  status text not null,
  -- Empty for orders.
  method text not null,
  count bigint not null,
  captured_minor numeric not null,
  refunded_minor numeric not null,
  -- Of the orders that their customers rated.
  scored bigint not null,
  score_sum bigint not null`;

const tables = `
  create table tallies (
    tenant_id text not null references tenants (id),
    ${columns},
    primary key (tenant_id, subject, store_id, month, status, method)
  ) with (fillfactor = 70);

  create table tally_changes (
    tenant_id text not null references tenants (id),
    id bigint not null generated always as identity,
    ${columns},
    primary key (tenant_id, id)
  ) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);`;

const access = `
  grant select on tallies to orderloom_app;
  grant select, insert on tally_changes to orderloom_app;
  grant select, insert, update on tallies to orderloom_worker;
  grant select, insert, delete on tally_changes to orderloom_worker;
  do $$ declare name text; begin
    foreach name in array array['tallies', 'tally_changes'] loop
      execute format('alter table %I enable row level security, force row level security', name);
      execute format($policy$create policy own_tenant on %I
        using (tenant_id = nullif(current_setting('app.tenant', true), ''))
        with check (tenant_id = nullif(current_setting('app.tenant', true), ''))$policy$, name);
    end loop;
  end $$;`;

const into = `insert into tally_changes
  (tenant_id, subject, store_id, month, status, method, count, captured_minor, refunded_minor, scored,
    score_sum)`;
const none = `'00000000-0000-0000-0000-000000000000'::uuid`;
const monthOf = (row: string) => `to_char(${row}.created_at at time zone 'UTC', 'YYYY-MM')`;

/** What rows count for, each with its sign; groups in which nothing changes are left out. */
const summed = (rows: string) => `
  select * from (
    select tenant_id, subject, store_id, month, status, method, sum(sign * one) as count,
      sum(sign * captured) as captured, sum(sign * refunded) as refunded,
      sum(sign * (score is not null)::int) as scored, sum(sign * coalesce(score, 0)) as score_sum
    from (${rows}) r group by 1, 2, 3, 4, 5, 6
  ) s where (count, captured, refunded, scored, score_sum) <> (0, 0, 0, 0, 0)`;

const orders = (rows: string, sign: number) => `
  select o.tenant_id, 'order' as subject, coalesce(o.store_id, ${none}) as store_id, ${monthOf('o')} as month,
    o.status, '' as method, ${sign} as sign, 1 as one, o.paid_minor as captured,
    o.refunded_minor as refunded, o.score
  from ${rows} o where o.status <> 'DRAFT' and o.deleted_at is null`;

// A payment for a group is one payment: its first part counts, and the money of each.
const isFirst = `(p.group_payment_id is null or not exists (select from payments q
  where q.tenant_id = p.tenant_id and q.group_payment_id = p.group_payment_id and q.id < p.id))`;
type Which = { readonly where?: string; readonly store?: string };
const payments = (
  rows: string,
  sign: number,
  { where = 'o.deleted_at is null', store = 'o.store_id' }: Which = {},
) => `
  select p.tenant_id, 'payment' as subject, coalesce(${store}, ${none}) as store_id,
    ${monthOf('p')} as month, p.status, p.method, ${sign} as sign, ${isFirst}::int as one,
    p.captured_minor as captured,
    p.refunded_minor as refunded, null::int as score
  from ${rows} p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
  where p.deleted_at is null and ${where}`;

/** A trigger function that counts new rows, or new ones instead of old ones. */
const counting = (name: string, of: (rows: string, sign: number) => string) => `
  create function ${name}() returns trigger language plpgsql set search_path = public, pg_temp as $$
  begin
    if tg_op = 'INSERT' then
      ${into} ${summed(of('new_rows', 1))};
    else
      ${into} ${summed(`${of('new_rows', 1)} union all ${of('old_rows', -1)}`)};
    end if;
    return null;
  end $$;`;

const triggers = (table: string, name: string) => `
  create trigger ${table}_count_new after insert on ${table} referencing new table as new_rows
    for each statement execute function ${name}();
  create trigger ${table}_count_changed after update on ${table}
    referencing old table as old_rows new table as new_rows
    for each statement execute function ${name}();`;

const ofOrders = `${counting('tally_orders', orders)} ${triggers('orders', 'tally_orders')}`;

// A hidden order takes its payments with it, and one that is of another store now takes them there.
const ofNew = { where: 'o.tenant_id = new.tenant_id and o.id = new.id' };
const asBefore = { ...ofNew, store: 'old.store_id' };
const ofPayments = `
  ${counting('tally_payments', payments)} ${triggers('payments', 'tally_payments')}
  create function tally_hidden_payments() returns trigger language plpgsql
  set search_path = public, pg_temp as $$
  begin
    ${into} ${summed(payments('payments', -1, ofNew))};
    return null;
  end $$;
  create trigger orders_hide_payments after update of deleted_at on orders
    for each row when (old.deleted_at is null and new.deleted_at is not null)
    execute function tally_hidden_payments();
  create function tally_moved_payments() returns trigger language plpgsql
  set search_path = public, pg_temp as $$
  begin
    ${into} ${summed(`${payments('payments', 1, ofNew)} union all ${payments('payments', -1, asBefore)}`)};
    return null;
  end $$;
  create trigger orders_move_payments after update of store_id on orders
    for each row when (new.deleted_at is null and new.store_id is distinct from old.store_id)
    execute function tally_moved_payments();`;

// What was there before is counted once, tenant by tenant.
const old = `
  set local role orderloom_worker;
  do $$ declare tenant text; begin
    foreach tenant in array array(select id from tenants) loop
      perform set_config('app.tenant', tenant, true);
      insert into tallies ${summed(`${orders('orders', 1)} union all ${payments('payments', 1)}`)};
    end loop;
    perform set_config('app.tenant', '', true);
  end $$;
  reset role;`;
