import { Migration } from '@mikro-orm/migrations';

export class Mail extends Migration {
  override up(): void {}

  override down(): void {}
}
