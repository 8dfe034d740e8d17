import { Migration } from '@mikro-orm/migrations';

/** What is broken outside, so that many failures of one cause alert once. */
export class Incidents extends Migration {
  override up(): void {
    this.addSql(incidents);
    this.addSql(noticesWith(`${orderNotices}, 'alert'`));
  }

  override down(): void {
    // What was told stays told, hence `not valid`.
    this.addSql(`${noticesWith(orderNotices)} not valid`);
    this.addSql('drop table incidents');
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
  create unique index incidents_open on incidents (tenant_id, kind) where closed_at is null;

  grant select, insert, update on incidents to orderloom_app;
  grant select on incidents to orderloom_worker;
  alter table incidents enable row level security, force row level security;
  create policy own_tenant on incidents
    using (tenant_id = nullif(current_setting('app.tenant', true), ''))
    with check (tenant_id = nullif(current_setting('app.tenant', true), ''));`;

const orderNotices = `'order_confirmation', 'shipping_update', 'delivery_confirmation', 'order_cancellation',
  'refund', 'payment_processing'`;

const noticesWith = (kinds: string): string => `
  alter table notifications drop constraint notifications_kind_check,
    add constraint notifications_kind_check check (kind in (${kinds}))`;
