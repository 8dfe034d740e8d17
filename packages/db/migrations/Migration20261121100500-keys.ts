import { Migration } from '@mikro-orm/migrations';

/** Keys of callers that are nobody's principal: the tenant's own service in a trusted network. */
export class Keys extends Migration {
  override up(): void {
    this.addSql(`alter table idempotency_records
      drop constraint idempotency_records_tenant_id_principal_id_fkey,
      add foreign key (tenant_id) references tenants (id)`);
  }

  override down(): void {
    this.addSql(`delete from idempotency_records r where not exists (
        select from principals p where p.tenant_id = r.tenant_id and p.id = r.principal_id);
      alter table idempotency_records
        drop constraint idempotency_records_tenant_id_fkey,
        add foreign key (tenant_id, principal_id) references principals (tenant_id, id)`);
  }
}
