import { Migration } from '@mikro-orm/migrations';

export class Relay extends Migration {
  override up(): void {}

  override down(): void {}
}
