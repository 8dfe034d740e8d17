import { Migration } from '@mikro-orm/migrations';

/** Tenants and everyone in them: stores, customers, principals and their credentials. */
export class People extends Migration {
  override up(): void {
    this.addSql(tenants);
    this.addSql(customers);
    this.addSql(principals);
    this.addSql(credentials);
  }

  override down(): void {
    this.addSql(`
      drop table sign_in_attempts, api_tokens, sessions, principals, accounts, addresses, customers,
        number_counters, stores, tenants`);
  }
}

const tenants = `
  create table tenants (
    id text primary key check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text not null,
    default_currency text not null check (default_currency ~ '^[A-Z]{3}$'),
    policies jsonb not null,
    version int not null default 1,
    created_at timestamptz(3) not null
  );

  create table stores (
    tenant_id text not null references tenants (id),
    id uuid not null,
    ref int not null check (ref > 0),
    slug text not null check (slug !~ '^[0-9]+$'),
    name text not null,
    commission_bp int not null check (commission_bp between 0 and 10000),
    active boolean not null,
    version int not null default 1,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (tenant_id, id),
    unique (tenant_id, ref),
    unique (tenant_id, slug)
  );

  -- Order numbers and refs: one row per tenant and kind, locked last in every transaction.
  create table number_counters (
    tenant_id text not null references tenants (id),
    name text not null,
    value bigint not null check (value >= 0),
    primary key (tenant_id, name)
  ) with (fillfactor = 50);`;

const customers = `
  create table customers (
    tenant_id text not null references tenants (id),
    id uuid not null,
    ref int not null check (ref > 0),
    code text not null check (code !~ '^[0-9]+$'),
    name text not null,
    email text not null,
    credit_limit_minor bigint not null check (credit_limit_minor >= 0),
    locale text not null,
    version int not null default 1,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (tenant_id, id),
    unique (tenant_id, ref),
    unique (tenant_id, code)
  );
  create index customers_created on customers (tenant_id, created_at desc, id desc);
  create index customers_name on customers (tenant_id, name, id);
  create index customers_email on customers (tenant_id, email);

  create table addresses (
    tenant_id text not null references tenants (id),
    id uuid not null,
    customer_id uuid,
    name text not null,
    line1 text not null,
    line2 text,
    city text not null,
    region text,
    postcode text not null,
    country text not null,
    phone text,
    version int not null default 1,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id)
  );
  create index addresses_customer on addresses (tenant_id, customer_id, created_at desc, id desc);
  create index addresses_created on addresses (tenant_id, created_at desc, id desc);

  -- I-8: a customer's money is a row, so that it can be locked and can never fall below its floor.
  create table accounts (
    tenant_id text not null,
    customer_id uuid not null,
    kind text not null check (kind in ('balance', 'held')),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    balance_minor bigint not null,
    floor_minor bigint not null check (floor_minor <= 0),
    primary key (tenant_id, customer_id, kind, currency),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    constraint accounts_floor check (balance_minor >= floor_minor)
  ) with (fillfactor = 50);`;

const principals = `
  create table principals (
    tenant_id text not null references tenants (id),
    id uuid not null,
    kind text not null check (kind in ('user', 'service')),
    email text unique check (email = lower(email)),
    name text not null,
    role text not null check (role in ('customer', 'staff', 'admin', 'service')),
    customer_id uuid,
    password_hash text,
    disabled_at timestamptz(3),
    version int not null default 1,
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, customer_id) references customers (tenant_id, id),
    constraint principals_customer check (role <> 'customer' or customer_id is not null)
  );
  create index principals_customer_id on principals (tenant_id, customer_id);`;

const credentials = `
  -- The id is already the hash of what the browser holds.
  create table sessions (
    tenant_id text not null,
    id text not null unique,
    principal_id uuid not null,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, principal_id) references principals (tenant_id, id)
  );
  create index sessions_principal on sessions (tenant_id, principal_id);

  -- secret_hash is the SHA-256 of the whole presented text, in hex.
  create table api_tokens (
    tenant_id text not null,
    id uuid not null,
    principal_id uuid not null,
    name text not null,
    prefix text not null,
    secret_hash text not null unique check (secret_hash ~ '^[0-9a-f]{64}$'),
    scopes text[] not null,
    expires_at timestamptz(3),
    last_used_at timestamptz(3),
    revoked_at timestamptz(3),
    created_at timestamptz(3) not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, principal_id) references principals (tenant_id, id)
  );
  create index api_tokens_principal on api_tokens (tenant_id, principal_id);

  -- Limits per account and per address: counted before it is known which tenant somebody belongs to.
  create table sign_in_attempts (
    subject text primary key,
    failures int not null check (failures >= 0),
    window_started_at timestamptz(3) not null
  );`;
