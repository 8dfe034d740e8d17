import { Migration } from '@mikro-orm/migrations';

export class Incidents extends Migration {
  override up(): void {}

  override down(): void {}
}
