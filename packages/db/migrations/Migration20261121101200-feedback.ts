import { Migration } from '@mikro-orm/migrations';

/** What customers thought of their orders; the score is kept once more, to be added up. */
export class FeedbackGiven extends Migration {
  override up(): void {
    this.addSql(`
      alter table orders add feedback jsonb, add score int,
        add constraint orders_score check (
          num_nulls(feedback, score) in (0, 2)
          and (score is null or (score between 1 and 5 and score = (feedback->>'score')::int)))`);
  }

  override down(): void {
    this.addSql('alter table orders drop column score, drop column feedback');
  }
}
