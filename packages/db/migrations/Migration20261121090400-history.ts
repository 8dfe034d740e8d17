import { Migration } from '@mikro-orm/migrations';

/** What happened, what must still be done outside, what was answered, and who is told. */
export class History extends Migration {
  override up(): void {
    this.addSql(events);
    this.addSql(rest);
  }

  override down(): void {
    this.addSql('drop table notifications, idempotency_records, intents, events');
  }
}

// I-16: every pair of the state machine; the first is null where the order is new.
const pairs = `
  '>DRAFT', '>PENDING', 'DRAFT>PENDING', 'DRAFT>CONFIRMED', 'DRAFT>CANCELLED', 'PENDING>CONFIRMED',
  'PENDING>CANCELLED', 'CONFIRMED>PROCESSING', 'CONFIRMED>SHIPPED', 'CONFIRMED>CANCELLED',
  'CONFIRMED>CLOSED', 'PROCESSING>SHIPPED', 'PROCESSING>CANCELLED', 'SHIPPED>OUT_FOR_DELIVERY',
  'SHIPPED>DELIVERED', 'SHIPPED>CANCELLED', 'SHIPPED>REFUNDED', 'OUT_FOR_DELIVERY>DELIVERED',
  'OUT_FOR_DELIVERY>CANCELLED', 'OUT_FOR_DELIVERY>REFUNDED', 'DELIVERED>CANCELLED', 'DELIVERED>REFUNDED',
  'DELIVERED>CLOSED', 'CANCELLED>REFUNDED'`;

const events = `
  -- Audit trail, timeline, outbox and live feed in one; only the relay's three columns are ever set later.
  create table events (
    tenant_id text not null references tenants (id),
    id uuid not null,
    order_id uuid,
    version int,
    idx int not null,
    type text not null,
    data jsonb not null,
    from_status text,
    to_status text,
    actor_id uuid,
    token_id uuid,
    command_id uuid not null,
    request_id text not null,
    reason text,
    at timestamptz(3) not null,
    schema_version int not null,
    feed_seq bigint,
    published_at timestamptz(3),
    hash text,
    primary key (tenant_id, id),
    unique (tenant_id, order_id, version, idx),
    foreign key (tenant_id, order_id) references orders (tenant_id, id),
    constraint events_of_orders check (
      (order_id is null and version is null and from_status is null and to_status is null)
      or (order_id is not null and version > 0 and to_status is not null)),
    constraint events_status_pair check ( -- I-16
      from_status is not distinct from to_status
      or coalesce(from_status, '') || '>' || to_status in (${pairs}))
  );
  create unique index events_feed on events (tenant_id, feed_seq) where feed_seq is not null; -- I-15
  create index events_unpublished on events (tenant_id, id) where published_at is null;`;

const rest = `
  create table intents (
    tenant_id text not null references tenants (id),
    id uuid not null,
    kind text not null,
    target text not null,
    payload jsonb not null,
    state text not null check (state in ('OPEN', 'RUNNING', 'DONE', 'FAILED')),
    attempts int not null check (attempts >= 0),
    next_at timestamptz(3),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (tenant_id, id)
  );
  create index intents_due on intents (tenant_id, next_at) where state in ('OPEN', 'RUNNING');

  -- I-17: the key itself is the lock; the answer is stored in the transaction that earned it.
  create table idempotency_records (
    tenant_id text not null,
    principal_id uuid not null,
    route text not null,
    key text not null check (length(key) between 1 and 255),
    request_hash text not null,
    state text not null check (state in ('RUNNING', 'DONE')),
    lease_until timestamptz(3),
    status int,
    headers jsonb,
    body text,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    primary key (tenant_id, principal_id, route, key),
    foreign key (tenant_id, principal_id) references principals (tenant_id, id),
    constraint idempotency_records_done check (state <> 'DONE' or (status is not null and body is not null)),
    constraint idempotency_records_running check (state <> 'RUNNING' or lease_until is not null)
  );
  create index idempotency_records_expiry on idempotency_records (tenant_id, expires_at);

  create table notifications (
    tenant_id text not null references tenants (id),
    id uuid not null,
    principal_id uuid,
    customer_id uuid,
    kind text not null check (kind in ('order_confirmation', 'shipping_update', 'delivery_confirmation',
      'order_cancellation', 'refund', 'payment_processing')),
    channel text not null check (channel in ('in_app', 'email')),
    order_id uuid,
    title text not null,
    body text not null,
    read_at timestamptz(3),
    created_at timestamptz(3) not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, principal_id) references principals (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id),
    constraint notifications_recipient check (num_nonnulls(principal_id, customer_id) = 1)
  );
  create index notifications_customer on notifications (tenant_id, customer_id, created_at desc, id desc);
  create index notifications_principal on notifications (tenant_id, principal_id, created_at desc, id desc);`;
