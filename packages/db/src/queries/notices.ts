import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant, NoticeKind } from '@orderloom/core';
import { run } from '../sql.ts';

/** What is told, in words; `#` stands for the order's number. */
export type Notice = { readonly title: string; readonly body: string; readonly at: Instant };
export type OrderNotice = Notice & {
  readonly kind: NoticeKind;
  readonly orderId: string;
  readonly version: number;
  readonly type: string;
};

// Ids follow from what is told: whoever is told again has been told already. One step of an order is told
// once, also when it gave back several payments.
const toCustomer = `
  insert into notifications
    (tenant_id, id, customer_id, kind, channel, order_id, title, body, created_at)
  select $1, md5(concat_ws(' ', $2::uuid, $3::int, $4::text))::uuid, customer_id, $5, 'in_app', id,
    replace($6, '#', coalesce(number, '')), replace($7, '#', coalesce(number, '')), $8
  from orders where tenant_id = $1 and id = $2 and customer_id is not null
  on conflict do nothing`;

/** Tells the customer of an order, if it has one. */
export const noticeToCustomer = (
  em: EntityManager,
  tenantId: string,
  notice: OrderNotice,
): Promise<unknown> =>
  run(em, toCustomer, [
    tenantId,
    notice.orderId,
    notice.version,
    notice.type,
    notice.kind,
    notice.title,
    notice.body,
    notice.at,
  ]);

export type AlertNotice = Notice & { readonly eventId: string };

/** Tells every administrator. */
export const noticeToAdmins = (em: EntityManager, tenantId: string, notice: AlertNotice): Promise<unknown> =>
  run(
    em,
    `insert into notifications (tenant_id, id, principal_id, kind, channel, title, body, created_at)
     select $1, md5(concat_ws(' ', $2::uuid, id))::uuid, id, 'alert', 'in_app', $3, $4, $5
     from principals where tenant_id = $1 and role = 'admin' and kind = 'user' and disabled_at is null
     on conflict do nothing`,
    [tenantId, notice.eventId, notice.title, notice.body, notice.at],
  );
