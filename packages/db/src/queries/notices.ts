import type { EntityManager } from '@mikro-orm/postgresql';
import { type Instant, type NoticeKind, noticeKinds } from '@orderloom/core';
import { plainly } from '../lists/filter.ts';
import { holding, type ListSpec } from '../lists/list.ts';
import { instant, rows, run } from '../sql.ts';
import { namesOf } from './directory.ts';

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
const idOf = (...facts: readonly string[]) => `md5(concat_ws(' ', ${facts.join(', ')}))::uuid`;
const toCustomers = `
  insert into notifications
    (tenant_id, id, customer_id, kind, channel, order_id, title, body, created_at)
  select $1, ${idOf('u.order_id', 'u.version', 'u.type')}, o.customer_id, u.kind, 'in_app', o.id,
    replace(u.title, '#', coalesce(o.number, '')), replace(u.body, '#', coalesce(o.number, '')), u.at
  from unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
    u (order_id, version, type, kind, title, body, at)
  join orders o on o.tenant_id = $1 and o.id = u.order_id
  where o.tenant_id = $1 and o.id = any ($2::uuid[]) and o.customer_id is not null
  on conflict do nothing`;

/** Tells the customers of orders, where they have one. */
export const noticesToCustomers = async (
  em: EntityManager,
  tenantId: string,
  notices: readonly OrderNotice[],
): Promise<void> => {
  if (notices.length === 0) return;
  await run(em, toCustomers, [
    tenantId,
    notices.map(({ orderId }) => orderId),
    notices.map(({ version }) => version),
    notices.map(({ type }) => type),
    notices.map(({ kind }) => kind),
    notices.map(({ title }) => title),
    notices.map(({ body }) => body),
    notices.map(({ at }) => at),
  ]);
};

export type AlertNotice = Notice & { readonly eventId: string };

/** Tells every administrator. */
export const noticeToAdmins = (em: EntityManager, tenantId: string, notice: AlertNotice): Promise<unknown> =>
  run(
    em,
    `insert into notifications (tenant_id, id, principal_id, kind, channel, title, body, created_at)
     select $1, ${idOf('$2::uuid', 'id')}, id, 'alert', 'in_app', $3, $4, $5
     from principals where tenant_id = $1 and role = 'admin' and kind = 'user' and disabled_at is null
     on conflict do nothing`,
    [tenantId, notice.eventId, notice.title, notice.body, notice.at],
  );

/** The queue in which events wait until they have been told. */
export const noticesQueue = 'notices';

/** Whose notices: a customer's own, or those of somebody who works here. */
export type NoticeReader = { readonly 'n.customer_id': string } | { readonly 'n.principal_id': string };

/** A notice as its reader sees it. */
export type NoticeLine = {
  readonly id: string;
  readonly kind: NoticeKind | 'alert';
  readonly orderId: string | null;
  readonly orderNumber: string | null;
  readonly title: string;
  readonly body: string;
  readonly readAt: Instant | null;
  readonly createdAt: Instant;
};

const columns = `
  n.id, n.kind, n.order_id as "orderId", n.title, n.body,
    (select o.number from orders o where o.tenant_id = n.tenant_id and o.id = n.order_id) as "orderNumber",
    ${instant('n.read_at')} as "readAt", ${instant('n.created_at')} as "createdAt"`;

/** The notices of a tenant; narrowed to their reader. */
export const noticesList: ListSpec = {
  name: 'notifications',
  table: 'notifications',
  as: 'n',
  id: 'n.id',
  where: `n.channel = 'in_app'`,
  columns,
  filters: {
    kind: { kind: 'word', column: 'n.kind', words: plainly([...noticeKinds, 'alert']) },
    order: { kind: 'named', column: 'n.order_id', of: 'orders' },
  },
  orderings: { created_at: ['n.created_at', 'timestamptz'] },
  search: holding('n.title', 'n.body'),
};

type Reading = { readonly reader: NoticeReader; readonly id: string; readonly at: Instant };

/** Marks a notice as read, once; nothing where its reader has no such notice. */
export async function readNotice(
  em: EntityManager,
  tenantId: string,
  { reader, id, at }: Reading,
): Promise<NoticeLine | undefined> {
  const [[column, whose] = ['', '']] = Object.entries(reader);
  const [marked] = await run<{ id: string }>(
    em,
    `update notifications n set read_at = coalesce(read_at, $4)
     where tenant_id = $1 and id = any ($2::uuid[]) and ${column} = $3 and channel = 'in_app' returning id`,
    [tenantId, namesOf([id]).ids, whose, at],
  );
  if (!marked) return undefined;
  const [found] = await rows<NoticeLine>(
    em,
    `select ${columns} from notifications n where n.tenant_id = $1 and n.id = $2`,
    [tenantId, marked.id],
  );
  return found;
}

/** What was told to a reader from one place of the feed on. */
export type Told = {
  readonly steps: readonly { readonly feedSeq: number; readonly notice: NoticeLine | null }[];
  /** Whether there are events that nobody has been told of yet. */
  readonly waiting: boolean;
};

/**
 * The next events of the feed, each with what the reader was told of it. It stops before the first event
 * that still waits to be told: so nobody who goes on behind the last one has missed anything.
 */
export async function noticesAfter(
  em: EntityManager,
  tenantId: string,
  { reader, after, limit }: { readonly reader: NoticeReader; readonly after: number; readonly limit: number },
): Promise<Told> {
  const [[column, whose] = ['', '']] = Object.entries(reader);
  const waiting = `(select min(feed_seq) from deliveries
    where tenant_id = $1 and consumer = '${noticesQueue}')`;
  const [found] = await rows<Told>(
    em,
    `with page as materialized (
       select e.* from events e where e.tenant_id = $1 and e.feed_seq > $2
         and e.feed_seq < coalesce(${waiting}, 9223372036854775807)
       order by e.feed_seq limit $3)
     select ${waiting} is not null as waiting, (
       select coalesce(json_agg(json_build_object('feedSeq', e.feed_seq, 'notice', to_json(n))
         order by e.feed_seq), '[]')
       from page e left join lateral (
         select ${columns} from notifications n where n.tenant_id = $1 and ${column} = $4
           and n.id = any (array[${idOf('e.order_id', 'e.version', 'e.type')}, ${idOf('e.id', '$4::uuid')}])
         limit 1) n on true) as steps`,
    [tenantId, after, limit, whose],
  );
  return found ?? { steps: [], waiting: false };
}
