import { Migration } from '@mikro-orm/migrations';

/** Payments, refunds and the double-entry ledger. */
export class Money extends Migration {
  override up(): void {
    this.addSql(payments);
    this.addSql(ledger);
  }

  override down(): void {
    this.addSql('drop table postings, journal_entries, refund_parts, refunds, payments');
  }
}

const payments = `
  create table payments (
    tenant_id text not null,
    id uuid not null,
    order_id uuid not null,
    position int not null,
    method text not null check (method in ('balance', 'cash', 'bank_transfer', 'credit_card')),
    reference text,
    currency text not null,
    amount_minor bigint not null,
    authorized_minor bigint not null,
    captured_minor bigint not null,
    refunded_minor bigint not null,
    voided_minor bigint not null check (voided_minor >= 0),
    expired boolean not null,
    status text not null check (status in ('PENDING', 'AUTHORIZED', 'PARTIALLY_CAPTURED', 'PAID',
      'PARTIALLY_REFUNDED', 'REFUNDED', 'FAILED', 'VOIDED', 'EXPIRED')),
    failure jsonb,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    processed_at timestamptz(3),
    refunded_at timestamptz(3),
    primary key (tenant_id, id),
    unique (tenant_id, order_id, position),
    foreign key (tenant_id, order_id, currency) references orders (tenant_id, id, currency), -- I-21
    constraint payments_amounts check ( -- I-9
      0 <= refunded_minor and refunded_minor <= captured_minor
      and captured_minor <= authorized_minor and authorized_minor <= amount_minor)
  );
  create index payments_created on payments (tenant_id, created_at desc, id desc);
  create index payments_status on payments (tenant_id, status, created_at desc, id desc);

  create table refunds (
    tenant_id text not null,
    id uuid not null,
    order_id uuid not null,
    position int not null,
    reason text not null,
    primary key (tenant_id, id),
    unique (tenant_id, order_id, position),
    foreign key (tenant_id, order_id) references orders (tenant_id, id)
  );

  create table refund_parts (
    tenant_id text not null,
    refund_id uuid not null,
    position int not null,
    payment_id uuid not null,
    amount_minor bigint not null check (amount_minor > 0),
    primary key (tenant_id, refund_id, position),
    foreign key (tenant_id, refund_id) references refunds (tenant_id, id),
    foreign key (tenant_id, payment_id) references payments (tenant_id, id)
  );`;

const ledger = `
  create table journal_entries (
    tenant_id text not null references tenants (id),
    id uuid not null,
    memo text not null,
    currency text not null,
    order_id uuid,
    command_id uuid not null,
    actor_id uuid,
    at timestamptz(3) not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, order_id, currency) references orders (tenant_id, id, currency) -- I-21
  );

  -- Credits are positive and debits negative, so that I-8 reads as it is written.
  create table postings (
    tenant_id text not null,
    entry_id uuid not null,
    position int not null,
    account text not null,
    currency text not null,
    amount_minor bigint not null check (amount_minor <> 0),
    primary key (tenant_id, entry_id, position),
    foreign key (tenant_id, entry_id) references journal_entries (tenant_id, id)
  );
  create index postings_account on postings (tenant_id, account, currency, entry_id desc);`;
