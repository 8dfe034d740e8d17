import type { EntityManager } from '@mikro-orm/postgresql';
import type { Instant } from '@orderloom/core';
import type { MailKind } from '../mail.ts';
import { instant, rows, run } from '../sql.ts';

export type SentMail = {
  readonly id: string;
  readonly eventId: string;
  readonly kind: MailKind;
  readonly customerId: string | null;
  readonly principalId: string | null;
  readonly orderId: string | null;
  readonly recipient: string;
  readonly subject: string;
  /** What was in it; kept in the development mailbox alone. */
  readonly html: string | null;
  readonly text: string | null;
  readonly sentAt: Instant;
};

/** Remembers that a mail has left; does nothing when it had left before. */
export const insertMail = (em: EntityManager, tenantId: string, mail: SentMail): Promise<unknown> =>
  run(
    em,
    `insert into mails (tenant_id, id, event_id, kind, customer_id, principal_id, order_id, recipient,
       subject, html, text, sent_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict on constraint mails_once do nothing`,
    [
      tenantId,
      mail.id,
      mail.eventId,
      mail.kind,
      mail.customerId,
      mail.principalId,
      mail.orderId,
      mail.recipient,
      mail.subject,
      mail.html,
      mail.text,
      mail.sentAt,
    ],
  );

/** The customers and principals who have had a mail of this event. */
export async function mailedOf(em: EntityManager, tenantId: string, eventId: string): Promise<Set<string>> {
  const found = await rows<{ id: string }>(
    em,
    'select coalesce(customer_id, principal_id) as id from mails where tenant_id = $1 and event_id = $2',
    [tenantId, eventId],
  );
  return new Set(found.map(({ id }) => id));
}

const mail = `id, event_id as "eventId", kind, customer_id as "customerId", principal_id as "principalId",
  order_id as "orderId", recipient, subject, html, text, ${instant('sent_at')} as "sentAt"`;

/** The mails that are kept whole, newest first. */
export const mailbox = (em: EntityManager, tenantId: string, limit: number): Promise<SentMail[]> =>
  rows<SentMail>(
    em,
    `select ${mail} from mails where tenant_id = $1 and html is not null
     order by sent_at desc, id desc limit $2`,
    [tenantId, limit],
  );

export async function mailById(
  em: EntityManager,
  tenantId: string,
  id: string,
): Promise<SentMail | undefined> {
  const [found] = await rows<SentMail>(em, `select ${mail} from mails where tenant_id = $1 and id = $2`, [
    tenantId,
    id,
  ]);
  return found;
}

/** The refund that was made in one step of an order, if there was one. */
export async function refundOfVersion(
  em: EntityManager,
  tenantId: string,
  { orderId, version }: { readonly orderId: string; readonly version: number },
): Promise<string | undefined> {
  const [found] = await rows<{ id: string }>(
    em,
    `select data->>'refundId' as id from events
     where tenant_id = $1 and order_id = $2 and version = $3 and type = 'payment.refunded'
     order by idx limit 1`,
    [tenantId, orderId, version],
  );
  return found?.id;
}

export type AlertReader = { readonly id: string; readonly name: string; readonly email: string };

/** Who is told when something is wrong: the administrators who may sign in. */
export const alertReaders = (em: EntityManager, tenantId: string): Promise<AlertReader[]> =>
  rows<AlertReader>(
    em,
    `select id, name, email from principals
     where tenant_id = $1 and kind = 'user' and role = 'admin' and disabled_at is null order by id`,
    [tenantId],
  );
