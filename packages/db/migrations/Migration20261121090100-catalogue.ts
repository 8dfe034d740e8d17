import { Migration } from '@mikro-orm/migrations';

/** What is for sale, and how much of it lies where. */
export class Catalogue extends Migration {
  override up(): void {
    this.addSql(products);
    this.addSql(stock);
  }

  override down(): void {
    this.addSql('drop table stock_levels, stock_locations, variants, products');
  }
}

const products = `
  create table products (
    tenant_id text not null references tenants (id),
    id uuid not null,
    ref int not null check (ref > 0),
    sku text not null check (sku !~ '^[0-9]+$'),
    name text not null,
    store_id uuid not null,
    price_minor bigint not null check (price_minor >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    tax_class text not null,
    track_stock boolean not null,
    active boolean not null,
    version int not null default 1,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (tenant_id, id),
    unique (tenant_id, ref),
    unique (tenant_id, sku),
    foreign key (tenant_id, store_id) references stores (tenant_id, id)
  );
  create index products_created on products (tenant_id, created_at desc, id desc);
  create index products_name on products (tenant_id, name, id);
  create index products_store on products (tenant_id, store_id, created_at desc, id desc);

  -- Position 0 is the default variant; without a price of its own a variant costs what the product costs.
  create table variants (
    tenant_id text not null,
    id uuid not null,
    product_id uuid not null,
    sku text not null check (sku !~ '^[0-9]+$'),
    name text not null,
    options jsonb not null,
    price_minor bigint check (price_minor >= 0),
    position int not null check (position >= 0),
    version int not null default 1,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (tenant_id, id),
    unique (tenant_id, sku),
    unique (tenant_id, product_id, position),
    unique (tenant_id, product_id, id),
    foreign key (tenant_id, product_id) references products (tenant_id, id)
  );`;

const stock = `
  create table stock_locations (
    tenant_id text not null references tenants (id),
    id uuid not null,
    name text not null,
    priority int not null,
    active boolean not null,
    version int not null default 1,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (tenant_id, id),
    unique (tenant_id, name)
  );

  create table stock_levels (
    tenant_id text not null,
    variant_id uuid not null,
    location_id uuid not null,
    on_hand int not null,
    reserved int not null,
    backorder_limit int not null check (backorder_limit >= 0),
    version int not null default 1,
    updated_at timestamptz(3) not null,
    primary key (tenant_id, variant_id, location_id),
    foreign key (tenant_id, variant_id) references variants (tenant_id, id),
    foreign key (tenant_id, location_id) references stock_locations (tenant_id, id),
    constraint stock_levels_not_negative check (on_hand >= 0 and reserved >= 0), -- I-1
    constraint stock_levels_no_oversell check (on_hand - reserved >= -backorder_limit) -- I-2
  ) with (fillfactor = 50);`;
