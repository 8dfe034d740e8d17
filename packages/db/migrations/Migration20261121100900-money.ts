import { Migration } from '@mikro-orm/migrations';

/** Orders that were one request, payments that are one payment, and what a refund is for. */
export class GroupMoney extends Migration {
  override up(): void {
    this.addSql(groups);
    this.addSql(access);
    this.addSql(payments);
    this.addSql(refunds);
  }

  override down(): void {
    this.addSql(`
      alter table refunds drop column lines, drop column shipping_minor, drop column destination,
        drop column failed;
      alter table payments drop column attempt, drop column group_payment_id;
      alter table orders drop constraint orders_group;
      drop index orders_group_id;
      drop table order_groups`);
  }
}

const groups = `
  create table order_groups (
    tenant_id text not null references tenants (id),
    id uuid not null,
    customer_id uuid,
    currency text not null,
    created_at timestamptz(3) not null,
    primary key (tenant_id, id),
    unique (tenant_id, id, currency),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
  );
  alter table orders
    add constraint orders_group foreign key (tenant_id, group_id, currency)
      references order_groups (tenant_id, id, currency); -- I-21
  create index orders_group_id on orders (tenant_id, group_id) where group_id is not null;`;

const access = `
  grant select, insert on order_groups to orderloom_app;
  grant select on order_groups to orderloom_worker;

  alter table order_groups enable row level security, force row level security;
  create policy own_tenant on order_groups
    using (tenant_id = nullif(current_setting('app.tenant', true), ''))
    with check (tenant_id = nullif(current_setting('app.tenant', true), ''));`;

const payments = `
  alter table payments add attempt jsonb, add group_payment_id uuid;
  create index payments_group on payments (tenant_id, group_payment_id) where group_payment_id is not null;`;

// Null where nothing is said: whole payments that went back are for no line.
const refunds = `
  alter table refunds
    add lines jsonb,
    add shipping_minor bigint check (shipping_minor >= 0),
    add destination text check (destination in ('balance', 'cash', 'bank_transfer')),
    add failed boolean check (failed);`;
