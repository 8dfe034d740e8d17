import { Migration } from '@mikro-orm/migrations';

/** Who may touch what: two roles that own nothing, and row-level security that binds the owner too. */
export class Access extends Migration {
  override up(): void {
    this.addSql(roles);
    this.addSql(grants);
    this.addSql(walls);
    this.addSql(credentials);
  }

  override down(): void {
    this.addSql(`
      drop function caller_by_token(text);
      drop function caller_by_session(text);
      drop policy by_credential on principals;
      drop policy by_credential on api_tokens;
      drop policy by_credential on sessions;
      drop policy for_workers on tenants;
      drop policy own_tenant on tenants;
      alter table tenants no force row level security, disable row level security;
      do $$ declare name text; begin
        foreach name in array array[${tenantTables}] loop
          execute format('drop policy own_tenant on %I', name);
          execute format('alter table %I no force row level security, disable row level security', name);
        end loop;
      end $$;
      revoke all on all tables in schema public from orderloom_app, orderloom_worker;
      revoke usage on schema public from orderloom_app, orderloom_worker;`);
  }
}

// The roles belong to the whole server and may serve other databases: they are made once and never dropped.
const roles = `
  do $$
  declare
    name text;
    how text := case when current_setting('server_version_num')::int >= 160000
      then ' with inherit false, set true' else '' end;
    right_needed text := case when how = '' then 'MEMBER' else 'SET' end;
  begin
    foreach name in array array['orderloom_app', 'orderloom_worker'] loop
      begin
        if not exists (select from pg_roles where rolname = name) then
          execute format('create role %I nologin', name);
        end if;
      exception when duplicate_object or unique_violation then null; -- another migration was faster
      end;
      if not pg_has_role(current_user, name, right_needed) then
        execute format('grant %I to current_user', name) || how;
      end if;
    end loop;
  end $$;`;

const grants = `
  grant usage on schema public to orderloom_app, orderloom_worker;
  grant select, insert on tenants, stores, number_counters, customers, addresses, accounts, principals,
    sessions, api_tokens, sign_in_attempts, products, variants, stock_locations, stock_levels,
    stock_movements, orders, order_items, order_charges,
    fulfillments, fulfillment_lines, returns,
    return_lines, payments, refunds, refund_parts, journal_entries, postings, events, intents,
    idempotency_records, notifications to orderloom_app;
  grant update on tenants, stores, number_counters, customers, addresses, accounts, principals, api_tokens,
    sign_in_attempts, products, variants, stock_locations, stock_levels, orders, order_items, order_charges,
    fulfillments, returns, payments, refunds, intents, idempotency_records, notifications to orderloom_app;
  grant update (expires_at) on sessions to orderloom_app;
  grant delete on addresses, sessions, sign_in_attempts, idempotency_records to orderloom_app;

  grant select on tenants, stores, customers, addresses, accounts, principals, products, variants,
    stock_locations, stock_levels, stock_movements, orders, order_items, order_charges,
    fulfillments, fulfillment_lines, returns, return_lines, payments, refunds, refund_parts, journal_entries,
    postings, number_counters, sessions, sign_in_attempts, events, intents, idempotency_records, notifications
    to orderloom_worker;
  grant update (feed_seq, published_at, hash) on events to orderloom_worker;
  grant insert, update on number_counters, intents, notifications to orderloom_worker;
  grant delete on sessions, sign_in_attempts, idempotency_records to orderloom_worker;`;

const tenantTables = `
  'stores', 'number_counters', 'customers', 'addresses', 'accounts', 'principals', 'sessions', 'api_tokens',
  'products', 'variants', 'stock_locations', 'stock_levels', 'stock_movements', 'orders', 'order_items',
  'order_charges', 'fulfillments', 'fulfillment_lines', 'returns', 'return_lines', 'payments', 'refunds',
  'refund_parts', 'journal_entries', 'postings', 'events', 'intents', 'idempotency_records', 'notifications'`;

// I-18. The setting is '' and not null once it has been set on a connection, hence nullif.
const walls = `
  do $$ declare name text; begin
    foreach name in array array[${tenantTables}] loop
      execute format('alter table %I enable row level security, force row level security', name);
      execute format($policy$create policy own_tenant on %I
        using (tenant_id = nullif(current_setting('app.tenant', true), ''))
        with check (tenant_id = nullif(current_setting('app.tenant', true), ''))$policy$, name);
    end loop;
  end $$;

  alter table tenants enable row level security, force row level security;
  create policy own_tenant on tenants
    using (id = nullif(current_setting('app.tenant', true), ''))
    with check (id = nullif(current_setting('app.tenant', true), ''));
  create policy for_workers on tenants for select to orderloom_worker using (true);`;

// Before the tenant is known, nothing is readable but what belongs to the presented credential.
const credentials = `
  create policy by_credential on sessions
    using (id = nullif(current_setting('app.credential', true), ''));
  create policy by_credential on api_tokens for select
    using (secret_hash = nullif(current_setting('app.credential', true), ''));
  create policy by_credential on principals for select
    using (email = nullif(current_setting('app.credential', true), ''));

  create function caller_by_token(presented text)
  returns table (tenant_id text, token_id uuid, scopes text[], expires_at timestamptz, revoked_at timestamptz,
    last_used_at timestamptz, principal_id uuid, kind text, role text, name text, email text,
    customer_id uuid, disabled_at timestamptz)
  language plpgsql security definer
  set search_path = public, pg_temp as $$
  declare
    tenant_before text := coalesce(current_setting('app.tenant', true), '');
    token api_tokens;
  begin
    perform set_config('app.credential', presented, true);
    select * into token from api_tokens t where t.secret_hash = presented;
    perform set_config('app.tenant', token.tenant_id, true);
    return query select token.tenant_id, token.id, token.scopes, token.expires_at::timestamptz,
      token.revoked_at::timestamptz, token.last_used_at::timestamptz, p.id, p.kind, p.role, p.name, p.email,
      p.customer_id, p.disabled_at::timestamptz
    from principals p where p.tenant_id = token.tenant_id and p.id = token.principal_id;
    perform set_config('app.tenant', tenant_before, true), set_config('app.credential', '', true);
  end $$;

  create function caller_by_session(presented text)
  returns table (tenant_id text, session_id text, created_at timestamptz, expires_at timestamptz,
    principal_id uuid, kind text, role text, name text, email text, customer_id uuid, disabled_at timestamptz)
  language plpgsql security definer
  set search_path = public, pg_temp as $$
  declare
    tenant_before text := coalesce(current_setting('app.tenant', true), '');
    session sessions;
  begin
    perform set_config('app.credential', presented, true);
    select * into session from sessions s where s.id = presented;
    perform set_config('app.tenant', session.tenant_id, true);
    return query select session.tenant_id, session.id, session.created_at::timestamptz,
      session.expires_at::timestamptz, p.id, p.kind, p.role, p.name, p.email, p.customer_id,
      p.disabled_at::timestamptz
    from principals p where p.tenant_id = session.tenant_id and p.id = session.principal_id;
    perform set_config('app.tenant', tenant_before, true), set_config('app.credential', '', true);
  end $$;

  revoke all on function caller_by_token(text), caller_by_session(text) from public;
  grant execute on function caller_by_token(text), caller_by_session(text) to orderloom_app;`;
