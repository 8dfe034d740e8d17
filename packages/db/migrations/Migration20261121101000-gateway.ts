import { Migration } from '@mikro-orm/migrations';

/** What a gateway told us, the cards that payments are to be charged to, and payments that wait for it. */
export class GatewayWords extends Migration {
  override up(): void {
    this.addSql(words);
    this.addSql(cards);
    this.addSql(walls);
  }

  override down(): void {
    this.addSql('drop index payments_awaited');
    this.addSql('drop table card_tokens, gateway_webhooks');
  }
}

const words = `
  create table gateway_webhooks (
    tenant_id text not null references tenants (id),
    id text not null check (length(id) between 1 and 100),
    body jsonb not null,
    received_at timestamptz(3) not null,
    processed_at timestamptz(3),
    primary key (tenant_id, id)
  );
  create index gateway_webhooks_new on gateway_webhooks (tenant_id, received_at) where processed_at is null;`;

const cards = `
  -- What a gateway made of a card: worthless to anybody else, and never told again.
  create table card_tokens (
    tenant_id text not null,
    payment_id uuid not null,
    token text not null check (length(token) between 1 and 200),
    primary key (tenant_id, payment_id),
    foreign key (tenant_id, payment_id) references payments (tenant_id, id) on delete cascade
  );
  -- Wider than what core calls awaited, never narrower.
  create index payments_awaited on payments (tenant_id, order_id)
    where attempt ->> 'state' in ('asked', 'waiting') and not expired and case attempt ->> 'operation'
      when 'refund' then refunded_minor < (attempt ->> 'target')::bigint
      when 'void' then voided_minor < (attempt ->> 'target')::bigint
      when 'authorize' then authorized_minor < (attempt ->> 'target')::bigint
      else captured_minor < (attempt ->> 'target')::bigint and captured_minor + voided_minor < amount_minor
    end;`;

const walls = `
  grant select, insert, update on gateway_webhooks to orderloom_app;
  grant select, insert, update, delete on card_tokens to orderloom_app;
  grant select on gateway_webhooks to orderloom_worker;
  do $$ declare name text; begin
    foreach name in array array['gateway_webhooks', 'card_tokens'] loop
      execute format('alter table %I enable row level security, force row level security', name);
      execute format($policy$create policy own_tenant on %I
        using (tenant_id = nullif(current_setting('app.tenant', true), ''))
        with check (tenant_id = nullif(current_setting('app.tenant', true), ''))$policy$, name);
    end loop;
  end $$;`;
