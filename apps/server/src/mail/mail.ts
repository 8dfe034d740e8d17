import { type Instant, ok } from '@orderloom/core';
import { insertMail, mailedOf, newId, read, transact } from '@orderloom/db';
import { z } from 'zod';
import type { Parts } from '../context.ts';
import type { Consumer, FeedEvent } from '../feed.ts';
import { closeIncident, isAlert, openIncident } from '../incident.ts';
import { type Addressed, isMailed, lettersFor } from './compose.ts';
import { htmlOf } from './html.ts';
import { openSmtp, type Smtp } from './smtp.ts';
import { textOf } from './text.ts';

export type Mail = { readonly consumer: Consumer; readonly close: () => void };

type House = Pick<Parts, 'config' | 'db' | 'log'>;
type Post = House & { readonly smtp: Smtp | null; readonly now: () => Instant };

/**
 * Mails the news of orders to their customers and alerts to administrators. Without a mail server they stay
 * in the development mailbox; production without one mails nothing, and says so.
 */
export function createMail({ config, db, log }: House, now: () => Instant): Mail {
  const { smtpUrl, mode } = config;
  const smtp = smtpUrl === null ? null : openSmtp(smtpUrl);
  const silent = smtp === null && mode === 'production';
  if (silent) log.warn('SMTP_URL is not set: no mails are sent');
  const post: Post = { config, db, log, smtp, now };
  return {
    consumer: {
      name: 'mail',
      wants: (type) => !silent && isMailed(type),
      deliver: (event) => deliver(post, event),
      giveUp: (event, why) => giveUp(post, event, why),
    },
    close: () => smtp?.close(),
  };
}

// What has waited for longer is no news any more: nobody wants a mail about last year's order when a server
// gets its first relay or its first mail server.
const newsMs = 48 * 3_600_000;

/** Sends what an event asks for, and to nobody twice: who has had a mail of it gets no other. */
async function deliver(post: Post, event: FeedEvent): Promise<void> {
  const { tenantId } = event;
  if (Date.parse(event.at) < Date.parse(post.now()) - newsMs) return;
  const [letters, mailed] = await read(post.db, { tenantId, role: 'worker' }, async (em) => [
    await lettersFor(em, event, post.config.publicUrl),
    await mailedOf(em, tenantId, event.id),
  ]);
  const waiting = letters.filter(
    ({ customerId, principalId }) => !mailed.has(customerId ?? principalId ?? ''),
  );
  // One reader who cannot be reached does not keep the others waiting.
  const sent = await Promise.allSettled(waiting.map((letter) => send(post, event, letter)));
  const failed = sent.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

const Address = z.email();

async function send(post: Post, event: FeedEvent, addressed: Addressed): Promise<void> {
  const { smtp, db, log, config, now } = post;
  const { kind, to, customerId, principalId, letter } = addressed;
  const { tenantId, orderId } = event;
  if (!Address.safeParse(to.email).success) {
    log.warn({ tenantId, kind, customerId, principalId }, 'this is no mail address, so nothing was sent');
    return;
  }
  const { subject } = letter;
  const [html, text] = [await htmlOf(letter), textOf(letter)];
  const began = now();
  const { hostname: host } = new URL(config.publicUrl);
  const id = `${event.id}.${customerId ?? principalId}`;
  await smtp?.send({ id, host, from: config.mailFrom, to, subject, html, text });

  const left = { id: newId(), eventId: event.id, kind, customerId, principalId, orderId, sentAt: now() };
  const kept = smtp === null ? { html, text } : { html: null, text: null };
  await transact<unknown, never>(db, { tenantId, role: 'worker' }, async (em) =>
    ok(await insertMail(em, tenantId, { ...left, ...kept, recipient: to.email, subject })),
  );
  log.info({ tenantId, kind, orderId, event: event.id }, smtp ? 'mail sent' : 'mail kept in the mailbox');
  if (smtp) await closeIncident(post, { tenantId, kind: 'mail.undeliverable', at: began });
}

/** An alert that cannot be mailed raises no other alert, or they would never end. */
async function giveUp({ db, log, now }: Post, event: FeedEvent, why: string): Promise<void> {
  const { tenantId, type, id } = event;
  if (isAlert(type)) {
    log.error({ tenantId, type, event: id, why }, 'an alert could not be mailed');
    return;
  }
  const subject = `${type} of order ${event.orderId ?? ''}`.trim();
  await openIncident({ db, log }, { tenantId, kind: 'mail.undeliverable', subject, detail: why, at: now() });
}
