import { Migration } from '@mikro-orm/migrations';

export class Carts extends Migration {
  override up(): void {}

  override down(): void {}
}
