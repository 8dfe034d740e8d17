import { render } from '@react-email/render';
import { mailbox, mailById, read, type SentMail, tenantIds } from '@orderloom/db';
import type { Express, Request, RequestHandler, Response } from 'express';
import { createElement as h, type ReactElement, type ReactNode } from 'react';
import { type Config, isLoopback } from '../config.ts';
import type { Parts } from '../context.ts';
import { mailboxStyle } from './mailbox-style.ts';

/** A mail of the development mailbox, and whose it is. */
type Kept = SentMail & { readonly tenantId: string };

const home = '/dev/mailbox';
const shownMax = 200;

export const hasMailbox = ({ mode, host }: Config): boolean => mode !== 'production' && isLoopback(host);

/**
 * The development mailbox: what would have been mailed if there were a mail server. It asks nobody who they
 * are, so it is there for callers on this machine alone, and never in production.
 */
export function mountMailbox(app: Express, parts: Parts): void {
  if (!hasMailbox(parts.config)) return;
  app.use('/dev', onlyByLoopbackName);
  app.get(`${home}.json`, async (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ mails: await everyMail(parts) });
  });
  app.get(`${home}/mailbox.css`, (_req, res) => void res.type('css').send(mailboxStyle));
  app.get(home, async (_req, res) =>
    show(res, 'Mailbox', list(await everyMail(parts), parts.config.smtpUrl)),
  );
  app.get(`${home}/:tenantId/:id`, async (req, res, next) => {
    const mail = await mailOf(parts, req);
    if (mail) await show(res, mail.subject, message(mail));
    else next();
  });
  app.get(`${home}/:tenantId/:id/html`, async (req, res, next) => {
    const mail = await mailOf(parts, req);
    if (!mail || mail.html === null) return next();
    res.removeHeader('X-Frame-Options');
    res.set({ 'Content-Security-Policy': framePolicy, 'Cache-Control': 'no-store' });
    res.type('html').send(mail.html);
  });
}

/** A page of somebody else that has its own name lead to this machine is not answered. */
const onlyByLoopbackName: RequestHandler = (req, _res, next) =>
  isLoopback(req.hostname) ? next() : next('router');

async function everyMail({ db }: Parts): Promise<Kept[]> {
  const all: Kept[] = [];
  for (const tenantId of await tenantIds(db)) {
    const mails = await read(db, { tenantId }, (em) => mailbox(em, tenantId, shownMax));
    all.push(...mails.map((mail) => ({ ...mail, tenantId })));
  }
  return all.sort((a, b) => (a.sentAt < b.sentAt ? 1 : -1)).slice(0, shownMax);
}

const uuid = /^[0-9a-f-]{36}$/;

async function mailOf({ db }: Parts, { params }: Request): Promise<Kept | undefined> {
  const id = String(params['id']);
  const tenantId = (await tenantIds(db)).find((known) => known === params['tenantId']);
  if (tenantId === undefined || !uuid.test(id)) return undefined;
  const mail = await read(db, { tenantId }, (em) => mailById(em, tenantId, id));
  return mail && { ...mail, tenantId };
}

const pagePolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A mail may look as it likes; it runs nothing, loads nothing and leads out of its frame into a new tab. */
const framePolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-popups',
].join('; ');

async function show(res: Response, title: string, body: ReactNode): Promise<void> {
  const page = h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charSet: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', null, `${title} · Orderloom`),
      h('link', { rel: 'icon', href: '/docs/assets/favicon-32x32.png' }),
      h('link', { rel: 'stylesheet', href: `${home}/mailbox.css` }),
    ),
    h('body', null, h('main', null, h('h1', null, title), body)),
  );
  res.set({ 'Content-Security-Policy': pagePolicy, 'Cache-Control': 'no-store' });
  res.type('html').send(await render(page));
}

const pathOf = ({ tenantId, id }: Kept): string => `${home}/${tenantId}/${id}`;

function list(mails: readonly Kept[], smtpUrl: string | null): ReactNode {
  const where =
    smtpUrl === null
      ? 'There is no mail server, so mails are kept here.'
      : 'SMTP_URL is set: mails go to that server, and nothing new comes here.';
  if (mails.length === 0) return h('p', null, `${where} None has been written yet.`);
  const titles = ['Subject', 'To', 'Tenant', 'Sent'].map((name) =>
    h('th', { key: name, scope: 'col' }, name),
  );
  return [
    h('p', { key: 'where' }, where),
    h(
      'table',
      { key: 'mails' },
      h('thead', null, h('tr', null, titles)),
      h('tbody', null, ...mails.map((mail) => h(Row, { mail }))),
    ),
  ];
}

const Row = ({ mail }: { readonly mail: Kept }): ReactElement =>
  h(
    'tr',
    null,
    h('td', null, h('a', { href: pathOf(mail) }, mail.subject)),
    h('td', null, mail.recipient),
    h('td', null, mail.tenantId),
    h('td', null, h('time', { dateTime: mail.sentAt }, mail.sentAt.slice(0, 19).replace('T', ' '))),
  );

function message(mail: Kept): ReactNode {
  const facts = [
    ['To', mail.recipient],
    ['Sent', mail.sentAt],
    ['Kind', mail.kind],
    ['Event', mail.eventId],
  ];
  const frame = { className: 'mail', src: `${pathOf(mail)}/html`, sandbox: 'allow-popups' };
  return h(
    'div',
    null,
    h('p', null, h('a', { href: home }, 'All mails')),
    h('dl', null, ...facts.flatMap(([name, value]) => [h('dt', null, name), h('dd', null, value)])),
    h('h2', null, 'HTML'),
    h('iframe', { ...frame, title: 'The mail as HTML' }),
    h('h2', null, 'Text'),
    h('pre', { tabIndex: 0 }, mail.text),
  );
}
