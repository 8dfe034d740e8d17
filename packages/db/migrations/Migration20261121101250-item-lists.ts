import { Migration } from '@mikro-orm/migrations';

/**
 * Items of orders are listed alone. Lines of one variant and price are one item, and its first line knows
 * what it comes to: so it is ordered by an index, and no other line has to be asked.
 */
export class ItemLists extends Migration {
  override up(): void {
    this.addSql(`
      alter table order_items add item_quantity int, add item_total_minor bigint,
        add constraint order_items_item check (num_nulls(item_quantity, item_total_minor) in (0, 2))`);
    this.addSql(old);
    this.addSql(indexes);
  }

  override down(): void {
    this.addSql('alter table order_items drop column item_quantity, drop column item_total_minor');
  }
}

// An item is found in the order of its creation by its id, which is drawn by the clock.
const indexes = `
  create index order_items_by_quantity on order_items (tenant_id, item_quantity, id)
    where item_quantity is not null;
  create index order_items_by_total on order_items (tenant_id, item_total_minor, id)
    where item_quantity is not null;
  create index order_items_by_store on order_items (tenant_id, store_id, id)
    where item_quantity is not null;`;

const old = `
  do $$ declare
    tenant text;
    ids text[];
  begin
    set local role orderloom_worker;
    ids := array(select id from tenants);
    set local role orderloom_app;
    foreach tenant in array ids loop
      perform set_config('app.tenant', tenant, true);
      update order_items i set item_quantity = n.quantity, item_total_minor = n.total
      from (
        select id, sum(quantity) over item as quantity, sum(total_minor) over item as total,
          row_number() over (item order by position) as place
        from order_items where tenant_id = tenant and quantity > 0
        window item as (partition by order_id, variant_id, unit_price_minor)
      ) n where i.tenant_id = tenant and i.id = n.id and n.place = 1;
    end loop;
    perform set_config('app.tenant', '', true);
  end $$;
  reset role;`;
