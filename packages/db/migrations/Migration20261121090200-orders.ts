import { Migration } from '@mikro-orm/migrations';

/** The order and the parts of it that are not money. */
export class Orders extends Migration {
  override up(): void {
    this.addSql(orders);
    this.addSql(orderIndexes);
    this.addSql(items);
    this.addSql(parcels);
    this.addSql(movements);
  }

  override down(): void {
    this.addSql(`
      drop table stock_movements, return_lines, returns, fulfillment_lines, fulfillments, order_charges,
        order_items, orders`);
  }
}

const orders = `
  create table orders (
    tenant_id text not null references tenants (id),
    id uuid not null,
    number text,
    version int not null,
    status text not null check (status in ('DRAFT', 'PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED',
      'OUT_FOR_DELIVERY', 'DELIVERED', 'CANCELLED', 'REFUNDED', 'CLOSED')),
    payment_status text not null check (payment_status in ('unpaid', 'authorized', 'partially_paid', 'paid',
      'overpaid', 'partially_refunded', 'refunded')),
    fulfillment_status text not null check (fulfillment_status in ('unfulfilled', 'partially_shipped',
      'shipped', 'partially_delivered', 'delivered', 'partially_returned', 'returned')),
    origin text not null check (origin in ('balance', 'service', 'api', 'admin', 'import')),
    group_id uuid,
    store_id uuid,
    customer_id uuid,
    user_id uuid,
    currency text not null,
    subtotal_minor bigint not null,
    discount_minor bigint not null check (discount_minor >= 0),
    shipping_minor bigint not null check (shipping_minor >= 0),
    tax_minor bigint not null check (tax_minor >= 0),
    total_minor bigint not null check (total_minor >= 0),
    declared_total_minor bigint,
    paid_minor bigint not null,
    refunded_minor bigint not null,
    payment_method text check (payment_method in ('balance', 'cash', 'bank_transfer', 'credit_card')),
    payment_reference text,
    shipping_method text,
    tracking_number text,
    shipping_address jsonb,
    billing_address jsonb,
    notes text,
    placed_at timestamptz(3),
    confirmed_at timestamptz(3),
    processing_at timestamptz(3),
    shipped_at timestamptz(3),
    out_for_delivery_at timestamptz(3),
    delivered_at timestamptz(3),
    cancelled_at timestamptz(3),
    refunded_at timestamptz(3),
    closed_at timestamptz(3),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    deleted_at timestamptz(3),
    primary key (tenant_id, id),
    unique (tenant_id, number), -- I-19
    unique (tenant_id, id, currency), -- I-21: what is paid for an order refers to its currency too
    foreign key (tenant_id, store_id) references stores (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    foreign key (tenant_id, user_id) references principals (tenant_id, id),
    constraint orders_refunded check (refunded_minor >= 0 and refunded_minor <= paid_minor)
  );`;

const orderIndexes = `
  create index orders_created on orders (tenant_id, created_at desc, id desc);
  create index orders_status on orders (tenant_id, status, created_at desc, id desc);
  create index orders_payment_status on orders (tenant_id, payment_status, created_at desc, id desc);
  create index orders_fulfillment_status on orders (tenant_id, fulfillment_status, created_at desc, id desc);
  create index orders_customer on orders (tenant_id, customer_id, created_at desc, id desc);
  create index orders_store on orders (tenant_id, store_id, created_at desc, id desc);`;

const items = `
  create table order_items (
    tenant_id text not null,
    id uuid not null,
    order_id uuid not null,
    position int not null,
    product_id uuid not null,
    variant_id uuid not null,
    store_id uuid not null,
    location_id uuid not null,
    sku text not null,
    name text not null,
    requested_ref text not null,
    unit_price_minor bigint not null check (unit_price_minor >= 0),
    price_source text not null check (price_source in ('catalog', 'override')),
    quantity int not null,
    cancelled_quantity int not null,
    shipped_quantity int not null,
    delivered_quantity int not null,
    returned_quantity int not null,
    refunded_quantity int not null,
    discount_minor bigint not null,
    tax_minor bigint not null,
    total_minor bigint not null,
    primary key (tenant_id, id),
    unique (tenant_id, order_id, position),
    foreign key (tenant_id, order_id) references orders (tenant_id, id),
    foreign key (tenant_id, product_id, variant_id) references variants (tenant_id, product_id, id),
    foreign key (tenant_id, store_id) references stores (tenant_id, id),
    foreign key (tenant_id, variant_id, location_id)
      references stock_levels (tenant_id, variant_id, location_id),
    constraint order_items_quantities check ( -- I-5
      quantity > 0 and cancelled_quantity >= 0
      and delivered_quantity between 0 and shipped_quantity
      and shipped_quantity <= quantity - cancelled_quantity
      and returned_quantity between 0 and shipped_quantity
      and refunded_quantity between 0 and quantity)
  );

  create table order_charges (
    tenant_id text not null,
    id uuid not null,
    order_id uuid not null,
    position int not null,
    kind text not null check (kind in ('SHIPPING', 'DISCOUNT')),
    label text not null,
    amount_minor bigint not null check (amount_minor >= 0),
    primary key (tenant_id, id),
    unique (tenant_id, order_id, position),
    foreign key (tenant_id, order_id) references orders (tenant_id, id)
  );`;

const parcels = `
  create table fulfillments (
    tenant_id text not null,
    id uuid not null,
    order_id uuid not null,
    position int not null,
    location_id uuid not null,
    tracking_number text,
    status text not null check (status in ('SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED')),
    primary key (tenant_id, id),
    unique (tenant_id, order_id, position),
    foreign key (tenant_id, order_id) references orders (tenant_id, id),
    foreign key (tenant_id, location_id) references stock_locations (tenant_id, id)
  );

  create table fulfillment_lines (
    tenant_id text not null,
    fulfillment_id uuid not null,
    position int not null,
    line_id uuid not null,
    quantity int not null check (quantity > 0),
    primary key (tenant_id, fulfillment_id, position),
    foreign key (tenant_id, fulfillment_id) references fulfillments (tenant_id, id),
    foreign key (tenant_id, line_id) references order_items (tenant_id, id)
  );

  create table returns (
    tenant_id text not null,
    id uuid not null,
    order_id uuid not null,
    position int not null,
    state text not null check (state in ('REQUESTED')),
    primary key (tenant_id, id),
    unique (tenant_id, order_id, position),
    foreign key (tenant_id, order_id) references orders (tenant_id, id)
  );

  create table return_lines (
    tenant_id text not null,
    return_id uuid not null,
    position int not null,
    line_id uuid not null,
    quantity int not null check (quantity > 0),
    primary key (tenant_id, return_id, position),
    foreign key (tenant_id, return_id) references returns (tenant_id, id),
    foreign key (tenant_id, line_id) references order_items (tenant_id, id)
  );`;

const movements = `
  -- Changes, not states: I-4 adds them up to the level.
  create table stock_movements (
    tenant_id text not null,
    id uuid not null,
    kind text not null check (kind in ('RECEIVE', 'ADJUST', 'RESERVE', 'RELEASE', 'SHIP', 'UNSHIP', 'RETURN',
      'WRITE_OFF', 'TRANSFER_OUT', 'TRANSFER_IN')),
    variant_id uuid not null,
    location_id uuid not null,
    on_hand int not null,
    reserved int not null,
    order_id uuid,
    line_id uuid,
    command_id uuid not null,
    reason text,
    actor_id uuid,
    at timestamptz(3) not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, variant_id, location_id)
      references stock_levels (tenant_id, variant_id, location_id),
    foreign key (tenant_id, order_id) references orders (tenant_id, id),
    foreign key (tenant_id, line_id) references order_items (tenant_id, id)
  );
  create index stock_movements_variant on stock_movements (tenant_id, variant_id, location_id, id desc);`;
