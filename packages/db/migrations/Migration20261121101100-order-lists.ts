import { Migration } from '@mikro-orm/migrations';

/** What the list of orders is read by, in every order that it can be asked for, and how it is searched. */
export class OrderLists extends Migration {
  override up(): void {
    this.addSql(indexes);
    this.addSql(trigrams);
    this.addSql(role);
    this.addSql(access);
    this.addSql(search);
    this.addSql(ownership);
  }

  override down(): void {
    this.addSql(`
      set local role orderloom_search;
      drop function orders_holding(text, text[], int);
      set local role none;
      drop policy for_search on orders;
      drop policy for_search on order_items;
      drop policy for_search on customers;
      drop policy for_search on variants;
      drop policy for_search on number_counters;
      revoke all on all tables in schema public from orderloom_search;
      revoke usage on schema public from orderloom_search;
      drop index orders_tracking_number, orders_payment_reference, order_items_variant, customers_words,
        variants_words;
      drop index orders_updated, orders_total, orders_payment, orders_payment_method,
        orders_shipping_method, orders_user, orders_fulfillment;
      drop index orders_status;
      create index orders_status on orders (tenant_id, status, created_at desc, id desc);
      create index orders_payment_status on orders (tenant_id, payment_status, created_at desc, id desc);
      create index orders_fulfillment_status on orders
        (tenant_id, fulfillment_status, created_at desc, id desc)`);
  }
}

// Every index costs each order that is placed: what an order has only later is indexed from then on.
const indexes = `
  create index orders_updated on orders (tenant_id, updated_at desc, id desc);
  create index orders_total on orders (tenant_id, total_minor, id);
  -- Told in three words, and ordered by them; each of them is several of ours.
  drop index orders_payment_status;
  create index orders_payment on orders (tenant_id, (case payment_status
    when 'overpaid' then 'paid, overpaid' when 'paid' then 'paid, paid'
    when 'partially_refunded' then 'paid, partially_refunded'
    when 'authorized' then 'pending, authorized' when 'partially_paid' then 'pending, partially_paid'
    when 'unpaid' then 'pending, unpaid' else payment_status end) desc, created_at desc, id desc);
  -- The same way in all columns: then one comparison says what lies behind a row.
  drop index orders_status;
  create index orders_status on orders (tenant_id, status desc, created_at desc, id desc);
  create index orders_payment_method on orders (tenant_id, payment_method, created_at desc, id desc)
    where payment_method is not null;
  create index orders_shipping_method on orders (tenant_id, shipping_method, created_at desc, id desc)
    where shipping_method is not null;
  -- What staff ordered for nobody else.
  create index orders_user on orders (tenant_id, user_id, created_at desc, id desc)
    where customer_id is null;
  -- Orders of which nothing has left are the newest ones, and found without.
  drop index orders_fulfillment_status;
  create index orders_fulfillment on orders (tenant_id, fulfillment_status, created_at desc, id desc)
    where fulfillment_status <> 'unfulfilled';`;

// The extensions belong to the database, and stay.
const trigrams = `
  create extension if not exists pg_trgm;
  create extension if not exists btree_gin;
  create index customers_words on customers using gin (tenant_id, name gin_trgm_ops, email gin_trgm_ops);
  create index variants_words on variants using gin (tenant_id, sku gin_trgm_ops);
  create index orders_tracking_number on orders using gin (tenant_id, tracking_number gin_trgm_ops)
    with (gin_pending_list_limit = 512) where tracking_number is not null;
  create index orders_payment_reference on orders using gin (tenant_id, payment_reference gin_trgm_ops)
    with (gin_pending_list_limit = 512) where payment_reference is not null;
  create index order_items_variant on order_items (tenant_id, variant_id, id);`;

// Like the other two roles it belongs to the whole server: made once, and never dropped.
const role = `
  do $$
  declare
    how text := case when current_setting('server_version_num')::int >= 160000
      then ' with inherit false, set true' else '' end;
    right_needed text := case when how = '' then 'MEMBER' else 'SET' end;
  begin
    begin
      if not exists (select from pg_roles where rolname = 'orderloom_search') then
        create role orderloom_search nologin;
      end if;
    exception when duplicate_object or unique_violation then null; -- another migration was faster
    end;
    if not pg_has_role(current_user, 'orderloom_search', right_needed) then
      execute 'grant orderloom_search to current_user' || how;
    end if;
  end $$;`;

const access = `
  grant usage on schema public to orderloom_search;
  grant select (tenant_id, id, number, customer_id, tracking_number, payment_reference) on orders
    to orderloom_search;
  grant select (tenant_id, order_id, variant_id, quantity) on order_items to orderloom_search;
  grant select (tenant_id, id, name, email) on customers to orderloom_search;
  grant select (tenant_id, id, sku) on variants to orderloom_search;
  grant select (tenant_id, name, value) on number_counters to orderloom_search;
  create policy for_search on orders for select to orderloom_search using (true);
  create policy for_search on order_items for select to orderloom_search using (true);
  create policy for_search on customers for select to orderloom_search using (true);
  create policy for_search on variants for select to orderloom_search using (true);
  create policy for_search on number_counters for select to orderloom_search using (true);`;

/**
 * Behind row-level security no trigram index is used: `ilike` might leak what it compares. So this one
 * function reads in front of it, for the tenant of the session and no other, and gives ids alone. Numbers are
 * drawn day by day from counters: those that hold a text are worked out: no index knows their parts.
 */
const search = `
  create function orders_holding(part text, fields text[], most int) returns uuid[]
  language plpgsql stable security definer
  set search_path = public, pg_temp
  set plan_cache_mode = force_custom_plan
  as $$
  declare
    tenant constant text := nullif(current_setting('app.tenant', true), '');
    pattern constant text := '%' || regexp_replace(part, '([\\\\%_])', '\\\\\\1', 'g') || '%';
    whole constant text := upper(part);
    tail constant text := substring(whole from '[^-]*$');
    head constant text := left(whole, length(whole) - length(tail));
    numbers text[];
    found uuid[] := '{}';
  begin
    if 'order_number' = any (fields) and whole ~ '^[-ORD0-9]+$' then
      numbers := array(
        with day as materialized (
          select 'ORD-' || substr(name, 7) || '-' as day, value as last from number_counters
          where tenant_id = tenant and name like 'order:%'
        ), serial as materialized (
          select serial, to_char(serial, 'FM99999990000') as word
          from generate_series(1, (select max(last) from day)) serial
          where case head when '' then strpos(to_char(serial, 'FM99999990000'), tail) > 0
            else starts_with(to_char(serial, 'FM99999990000'), tail) end
        )
        (select day || to_char(serial, 'FM99999990000') from day, generate_series(1, last) serial
          where strpos(day, whole) > 0 limit most + 1)
        union all
        (select day || word from day join serial on serial <= last
          where right(day, length(head)) = head and strpos(day, whole) = 0 limit most + 1));
      if cardinality(numbers) > most then return null; end if;
      found := array(select id from orders where tenant_id = tenant and number = any (numbers));
    end if;
    if 'tracking_number' = any (fields) then
      found := found || array(select id from orders
        where tenant_id = tenant and tracking_number ilike pattern limit most + 1);
      if cardinality(found) > most then return null; end if;
    end if;
    if 'payment_reference' = any (fields) then
      found := found || array(select id from orders
        where tenant_id = tenant and payment_reference ilike pattern limit most + 1);
      if cardinality(found) > most then return null; end if;
    end if;
    if fields && '{customer_name,customer_email}' then
      found := found || array(select o.id from orders o where o.tenant_id = tenant and o.customer_id in (
        select c.id from customers c where c.tenant_id = tenant
          and ('customer_name' = any (fields) and c.name ilike pattern
            or 'customer_email' = any (fields) and c.email ilike pattern)) limit most + 1);
      if cardinality(found) > most then return null; end if;
    end if;
    if 'sku' = any (fields) then
      found := found || array(select i.order_id from order_items i where i.tenant_id = tenant
        and i.quantity > 0 and i.variant_id in (
          select v.id from variants v where v.tenant_id = tenant and v.sku ilike pattern) limit most + 1);
      if cardinality(found) > most then return null; end if;
    end if;
    return array(select distinct id from unnest(found) id);
  end $$;`;

// Its owner may make nothing else here.
const ownership = `
  revoke all on function orders_holding(text, text[], int) from public;
  grant execute on function orders_holding(text, text[], int) to orderloom_app;
  grant create on schema public to orderloom_search;
  alter function orders_holding(text, text[], int) owner to orderloom_search;
  revoke create on schema public from orderloom_search;`;
