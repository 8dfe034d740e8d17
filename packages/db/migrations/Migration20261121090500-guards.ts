import { Migration } from '@mikro-orm/migrations';

/** The last line of defence: what no bug of ours may ever commit. */
export class Guards extends Migration {
  override up(): void {
    this.addSql(appendOnly);
    this.addSql(balancedEntries);
    this.addSql(toldOrders);
  }

  override down(): void {
    this.addSql(`
      drop trigger orders_are_told on orders;
      drop trigger postings_balance on postings;
      drop trigger events_content_is_final on events;
      drop trigger events_publication_is_final on events;
      drop trigger events_stay on events;
      drop trigger stock_movements_stay on stock_movements;
      drop trigger journal_entries_stay on journal_entries;
      drop trigger postings_stay on postings;
      drop function order_is_told();
      drop function entry_balances();
      drop function refuse_change();`);
  }
}

const appendOnly = `
  create function refuse_change() returns trigger language plpgsql set search_path = public, pg_temp as $$
  begin
    raise exception '% is append-only', tg_table_name using errcode = 'integrity_constraint_violation';
  end $$;

  create trigger stock_movements_stay before update or delete or truncate on stock_movements
    for each statement execute function refuse_change();
  create trigger journal_entries_stay before update or delete or truncate on journal_entries
    for each statement execute function refuse_change();
  create trigger postings_stay before update or delete or truncate on postings
    for each statement execute function refuse_change();
  create trigger events_stay before delete or truncate on events
    for each statement execute function refuse_change();

  -- The relay sets its three columns once; all others never change.
  create trigger events_content_is_final
    before update of tenant_id, id, order_id, version, idx, type, data, from_status, to_status, actor_id,
      token_id, command_id, request_id, reason, at, schema_version on events
    for each statement execute function refuse_change();
  create trigger events_publication_is_final before update of feed_seq, published_at, hash on events
    for each row when (num_nonnulls(old.feed_seq, old.published_at, old.hash) > 0)
    execute function refuse_change();`;

const balancedEntries = `
  create function entry_balances() returns trigger language plpgsql set search_path = public, pg_temp as $$
  begin
    if exists (
      select from postings p join journal_entries e on e.tenant_id = p.tenant_id and e.id = p.entry_id
      where p.tenant_id = new.tenant_id and p.entry_id = new.entry_id
      having sum(p.amount_minor) <> 0 or bool_or(p.currency <> e.currency) or count(*) = 0
    ) then
      raise exception 'I-7: the postings of entry % do not add up to zero in its currency', new.entry_id
        using errcode = 'integrity_constraint_violation';
    end if;
    return null;
  end $$;

  create constraint trigger postings_balance after insert on postings
    deferrable initially deferred for each row execute function entry_balances();`;

const toldOrders = `
  -- I-13: every write of an order is its next version. I-14: that version has events, and they lead from the
  -- status before to the status stored.
  create function order_is_told() returns trigger language plpgsql set search_path = public, pg_temp as $$
  declare
    reached text;
    due int := 1;
    told int := 0;
    event record;
  begin
    if tg_op = 'UPDATE' then
      reached := old.status;
      due := old.version + 1;
    end if;
    if new.version <> due then
      raise exception 'I-13: order % cannot be written as version %', new.id, new.version
        using errcode = 'integrity_constraint_violation';
    end if;
    for event in
      select e.from_status, e.to_status from events e
      where e.tenant_id = new.tenant_id and e.order_id = new.id and e.version = new.version order by e.idx
    loop
      if event.from_status is distinct from reached then told := -1; exit; end if;
      reached := event.to_status;
      told := told + 1;
    end loop;
    if told < 1 or reached <> new.status then
      raise exception 'I-14: the events of version % of order % do not lead to %',
        new.version, new.id, new.status
        using errcode = 'integrity_constraint_violation';
    end if;
    return null;
  end $$;

  create constraint trigger orders_are_told after insert or update on orders
    deferrable initially deferred for each row execute function order_is_told();`;
