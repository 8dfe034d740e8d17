import { Migration } from '@mikro-orm/migrations';

/** How events leave: the order they were written in, their hash chain, and what is still to be delivered. */
export class Relay extends Migration {
  override up(): void {
    this.addSql(written);
    this.addSql(chain);
    this.addSql(queues);
    this.addSql(backlog);
    this.addSql(old);
  }

  override down(): void {
    this.addSql(`
      drop function relay_backlog();
      drop function relay_due();
      drop table dead_letters, deliveries;
      drop aggregate chained(text, text);
      drop function chain_step(text, text, text);
      drop function event_digest(events);
      drop trigger events_written_is_final on events;
      drop index events_unpublished;
      alter table events drop column written;
      create index events_unpublished on events (tenant_id, id) where published_at is null;`);
  }
}

const written = `
  -- Taken at the insert: within an order it rises with the versions, because the order's row is locked.
  alter table events add column written bigint not null generated always as identity;
  create trigger events_written_is_final before update of written on events
    for each statement execute function refuse_change();
  drop index events_unpublished;
  create index events_unpublished on events (tenant_id, written) where published_at is null;`;

const chain = `
  -- I-15: what a published event says, and the chain of it with all that were published before.
  create function event_digest(e events) returns text language sql stable as $$
    select encode(sha256(convert_to(jsonb_build_array(e.tenant_id, e.id, e.order_id, e.version, e.idx, e.type,
      e.data, e.from_status, e.to_status, e.actor_id, e.token_id, e.command_id, e.request_id, e.reason,
      extract(epoch from e.at), e.schema_version)::text, 'UTF8')), 'hex')
  $$;
  create function chain_step(state text, before text, digest text) returns text language sql immutable as $$
    select encode(sha256(convert_to(coalesce(state, before, '') || digest, 'UTF8')), 'hex')
  $$;
  create aggregate chained(before text, digest text) (sfunc = chain_step, stype = text);`;

const queues = `
  -- What a consumer has still to get. A row leaves when it was delivered; \`next_at\` of one that is being
  -- delivered is when somebody else may take it.
  create table deliveries (
    tenant_id text not null,
    consumer text not null,
    feed_seq bigint not null,
    event_id uuid not null,
    order_id uuid,
    state text not null check (state in ('OPEN', 'RUNNING')),
    attempts int not null check (attempts >= 0),
    next_at timestamptz(3) not null,
    last_error text,
    primary key (tenant_id, consumer, feed_seq),
    foreign key (tenant_id, event_id) references events (tenant_id, id)
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
  create index deliveries_tried on deliveries (tenant_id, consumer, order_id) where attempts > 0;

  -- What a consumer did not take however often it was asked.
  create table dead_letters (
    tenant_id text not null,
    consumer text not null,
    feed_seq bigint not null,
    event_id uuid not null,
    order_id uuid,
    attempts int not null,
    last_error text not null,
    died_at timestamptz(3) not null,
    primary key (tenant_id, consumer, feed_seq),
    foreign key (tenant_id, event_id) references events (tenant_id, id)
  );

  grant select, insert, update, delete on deliveries to orderloom_worker;
  grant select, insert, delete on dead_letters to orderloom_worker;
  -- The staff looks at the queues and sends dead letters again.
  grant select, insert on deliveries to orderloom_app;
  grant select, delete on dead_letters to orderloom_app;
  do $$ declare name text; begin
    foreach name in array array['deliveries', 'dead_letters'] loop
      execute format('alter table %I enable row level security, force row level security', name);
      execute format($policy$create policy own_tenant on %I
        using (tenant_id = nullif(current_setting('app.tenant', true), ''))
        with check (tenant_id = nullif(current_setting('app.tenant', true), ''))$policy$, name);
    end loop;
  end $$;`;

// What happened before there was a relay is published, and nobody is told of it as if it were news.
const old = `
  set local role orderloom_worker;
  do $$ declare tenant text; begin
    foreach tenant in array array(select id from tenants) loop
      perform set_config('app.tenant', tenant, true);
      update events e set feed_seq = n.position, hash = n.hash, published_at = now()
      from (
        select d.id, row_number() over told as position, chained('', event_digest(d)) over told as hash
        from events d where d.tenant_id = tenant window told as (order by d.written)
      ) n where e.tenant_id = tenant and e.id = n.id;
    end loop;
    perform set_config('app.tenant', '', true);
  end $$;
  reset role;`;

// Both go from tenant to tenant, as workers do, but in one round trip.
const backlog = `
  create function relay_due() returns table (tenant_id text, unpublished boolean, consumers text[])
  language plpgsql as $$
  declare
    tenant_before text := coalesce(current_setting('app.tenant', true), '');
    ids text[] := array(select id from tenants);
    tenant text;
  begin
    foreach tenant in array ids loop
      perform set_config('app.tenant', tenant, true);
      tenant_id := tenant;
      unpublished := exists (
        select from events e where e.tenant_id = tenant and e.published_at is null);
      consumers := array(
        select distinct d.consumer from deliveries d where d.tenant_id = tenant and d.next_at <= now());
      if unpublished or cardinality(consumers) > 0 then return next; end if;
    end loop;
    perform set_config('app.tenant', tenant_before, true);
  end $$;

  create function relay_backlog()
  returns table (tenant_id text, consumer text, waiting bigint, oldest timestamptz, dead bigint)
  language plpgsql as $$
  declare
    tenant_before text := coalesce(current_setting('app.tenant', true), '');
    ids text[] := array(select id from tenants);
    tenant text;
  begin
    foreach tenant in array ids loop
      perform set_config('app.tenant', tenant, true);
      return query
        select tenant, null::text, count(*), min(e.at)::timestamptz, 0::bigint
        from events e where e.tenant_id = tenant and e.published_at is null having count(*) > 0;
      return query
        select tenant, coalesce(w.consumer, l.consumer), coalesce(w.waiting, 0), w.oldest,
          coalesce(l.dead, 0)
        from (
          select d.consumer, count(*) as waiting, min(e.published_at)::timestamptz as oldest
          from deliveries d join events e on e.tenant_id = tenant and e.id = d.event_id
          where d.tenant_id = tenant group by 1
        ) w full join (
          select d.consumer, count(*) as dead from dead_letters d where d.tenant_id = tenant group by 1
        ) l on l.consumer = w.consumer;
    end loop;
    perform set_config('app.tenant', tenant_before, true);
  end $$;

  revoke all on function relay_due(), relay_backlog() from public;
  grant execute on function relay_due(), relay_backlog() to orderloom_worker;`;
