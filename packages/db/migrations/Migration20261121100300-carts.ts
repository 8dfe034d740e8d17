import { Migration } from '@mikro-orm/migrations';

/** What customers mean to order. A cart holds no stock. */
export class Carts extends Migration {
  override up(): void {
    this.addSql(carts);
    this.addSql(access);
  }

  override down(): void {
    this.addSql('drop table cart_items, carts');
  }
}

// Versions go on from cart to cart of a customer: the newest cart has the highest.
const carts = `
  create table carts (
    tenant_id text not null references tenants (id),
    id uuid not null,
    customer_id uuid not null,
    status text not null check (status in ('Active', 'Ordered')),
    version int not null check (version > 0),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (tenant_id, id),
    unique (tenant_id, customer_id, version),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
  );
  create unique index carts_one_active on carts (tenant_id, customer_id) where status = 'Active';

  create table cart_items (
    tenant_id text not null,
    cart_id uuid not null,
    variant_id uuid not null,
    product_id uuid not null,
    quantity int not null check (quantity > 0),
    position int not null check (position >= 0),
    primary key (tenant_id, cart_id, variant_id),
    foreign key (tenant_id, cart_id) references carts (tenant_id, id),
    foreign key (tenant_id, product_id, variant_id) references variants (tenant_id, product_id, id)
  );`;

const access = `
  grant select, insert, update on carts, cart_items to orderloom_app;
  grant delete on cart_items to orderloom_app;

  alter table carts enable row level security, force row level security;
  create policy own_tenant on carts
    using (tenant_id = nullif(current_setting('app.tenant', true), ''))
    with check (tenant_id = nullif(current_setting('app.tenant', true), ''));
  alter table cart_items enable row level security, force row level security;
  create policy own_tenant on cart_items
    using (tenant_id = nullif(current_setting('app.tenant', true), ''))
    with check (tenant_id = nullif(current_setting('app.tenant', true), ''));`;
