import { Migration } from '@mikro-orm/migrations';

/** Which mails have left, so that an event that comes twice is told once. */
export class Mail extends Migration {
  override up(): void {
    this.addSql(mails);
  }

  override down(): void {
    this.addSql('drop table mails');
  }
}

const mails = `
  -- The body is kept only where no mail server is: in the development mailbox.
  create table mails (
    tenant_id text not null references tenants (id),
    id uuid not null,
    event_id uuid not null,
    kind text not null check (kind in ('order_confirmation', 'shipping_update', 'delivery_confirmation',
      'order_cancellation', 'refund', 'alert')),
    customer_id uuid,
    principal_id uuid,
    order_id uuid,
    recipient text not null,
    subject text not null,
    html text,
    text text,
    sent_at timestamptz(3) not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, event_id) references events (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, principal_id) references principals (tenant_id, id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id),
    constraint mails_once unique nulls not distinct (tenant_id, event_id, kind, customer_id, principal_id),
    constraint mails_recipient check (num_nonnulls(customer_id, principal_id) = 1),
    constraint mails_whole check ((html is null) = (text is null))
  );
  create index mails_newest on mails (tenant_id, sent_at desc, id desc);

  grant select on mails to orderloom_app;
  grant select, insert on mails to orderloom_worker;
  alter table mails enable row level security, force row level security;
  create policy own_tenant on mails
    using (tenant_id = nullif(current_setting('app.tenant', true), ''))
    with check (tenant_id = nullif(current_setting('app.tenant', true), ''));`;
