import { Migration } from '@mikro-orm/migrations';

/** Payments that were deleted: no money had moved, and they are in no read. */
export class DeletedPayments extends Migration {
  override up(): void {
    this.addSql('alter table payments add deleted_at timestamptz(3)');
  }

  override down(): void {
    this.addSql('alter table payments drop column deleted_at');
  }
}
