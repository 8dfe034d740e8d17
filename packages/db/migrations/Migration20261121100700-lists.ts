import { Migration } from '@mikro-orm/migrations';

/** What the lists of the api family are read by: an index for each order that they can be asked for in. */
export class Lists extends Migration {
  override up(): void {
    this.addSql(`
      create index products_price on products (tenant_id, price_minor, id);
      create index addresses_name on addresses (tenant_id, name, id);
      create index stores_created on stores (tenant_id, created_at desc, id desc);
      create index stores_name on stores (tenant_id, name, id);
      create index api_tokens_created on api_tokens (tenant_id, created_at desc, id desc);
      create index api_tokens_name on api_tokens (tenant_id, name, id)`);
  }

  override down(): void {
    this.addSql(`
      drop index products_price, addresses_name, stores_created, stores_name, api_tokens_created,
        api_tokens_name`);
  }
}
