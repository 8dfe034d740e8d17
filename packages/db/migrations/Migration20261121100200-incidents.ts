import { Migration } from '@mikro-orm/migrations';

/** What is outside: what is broken there, alerted once, and which product is which. */
export class Incidents extends Migration {
  override up(): void {
    this.addSql(incidents);
    this.addSql(remoteProducts);
    this.addSql(walls);
    this.addSql(noticesWith(`${orderNotices}, 'alert'`));
  }

  override down(): void {
    // What was told stays told, hence `not valid`.
    this.addSql(`${noticesWith(orderNotices)} not valid`);
    this.addSql('drop index intents_target');
    this.addSql('drop table remote_products, incidents');
  }
}

const incidents = `
  create table incidents (
    tenant_id text not null references tenants (id),
    id uuid not null,
    kind text not null,
    subject text not null,
    failures int not null check (failures > 0),
    opened_at timestamptz(3) not null,
    last_seen_at timestamptz(3) not null,
    closed_at timestamptz(3),
    primary key (tenant_id, id)
  );
  -- One is open at a time, however many processes meet the failure together.
  create unique index incidents_open on incidents (tenant_id, kind) where closed_at is null;`;

const remoteProducts = `
  -- Our product for each one of a catalogue of somebody else.
  create table remote_products (
    tenant_id text not null references tenants (id),
    remote_id text not null,
    product_id uuid not null,
    created_at timestamptz(3) not null,
    primary key (tenant_id, remote_id),
    unique (tenant_id, product_id),
    foreign key (tenant_id, product_id) references products (tenant_id, id)
  );
  create index intents_target on intents (tenant_id, kind, target);`;

const walls = `
  grant select, insert, update on incidents to orderloom_app;
  grant select, insert on remote_products to orderloom_app;
  grant select on incidents, remote_products to orderloom_worker;
  do $$ declare name text; begin
    foreach name in array array['incidents', 'remote_products'] loop
      execute format('alter table %I enable row level security, force row level security', name);
      execute format($policy$create policy own_tenant on %I
        using (tenant_id = nullif(current_setting('app.tenant', true), ''))
        with check (tenant_id = nullif(current_setting('app.tenant', true), ''))$policy$, name);
    end loop;
  end $$;`;

const orderNotices = `'order_confirmation', 'shipping_update', 'delivery_confirmation', 'order_cancellation',
  'refund', 'payment_processing'`;

const noticesWith = (kinds: string): string => `
  alter table notifications drop constraint notifications_kind_check,
    add constraint notifications_kind_check check (kind in (${kinds}))`;
