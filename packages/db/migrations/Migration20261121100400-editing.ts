import { Migration } from '@mikro-orm/migrations';

/** A line that was taken out of its order stays in it without pieces: its stock history names it. */
export class Editing extends Migration {
  override up(): void {
    this.addSql(quantities('quantity >= 0'));
  }

  /** Fails while such lines are stored: nothing of an order's history is ever thrown away. */
  override down(): void {
    this.addSql(quantities('quantity > 0'));
  }
}

const quantities = (least: string) => `
  alter table order_items
    drop constraint order_items_quantities,
    add constraint order_items_quantities check ( -- I-5
      ${least} and cancelled_quantity >= 0
      and delivered_quantity between 0 and shipped_quantity
      and shipped_quantity <= quantity - cancelled_quantity
      and returned_quantity between 0 and shipped_quantity
      and refunded_quantity between 0 and quantity)`;
