import { Migration } from '@mikro-orm/migrations';

export class Editing extends Migration {
  override up(): void {}

  override down(): void {}
}
