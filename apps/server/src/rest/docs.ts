import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Express, Response } from 'express';
import type { Parts } from '../context.ts';
import { createExample } from './api/examples.ts';
import { unlessKnown } from './conditional.ts';
import { docsStyle, startScript } from './docs-assets.ts';
import { walkHtml } from './docs-walk.ts';
import { errorIndexHtml, errorPageHtml, errorPages } from './error-pages.ts';
import type { Family } from './family.ts';
import { escaped, page } from './html.ts';
import { openApiOf } from './openapi.ts';
import { shopExample } from './shop-example.ts';

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const served = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The documentation: the reference with "Try it out", the document behind it, and a page for every error. */
export function mountDocs(app: Express, parts: Parts, families: readonly Family[]): void {
  const { config } = parts;
  const document = JSON.stringify(openApiOf(families));
  const printed = JSON.stringify(createExample);
  app.get(['/openapi.json', '/schema'], async (_req, res) => {
    const example = config.demo ? JSON.stringify(await shopExample(parts)) : printed;
    send(
      res,
      'application/json',
      document.replace(printed, () => example),
    );
  });
  app.get('/docs', (_req, res) => html(res, 200, reference(config.publicUrl, config.demo)));
  app.get('/docs/assets/start.js', (_req, res) => send(res, 'text/javascript', startScript));
  app.get('/docs/assets/docs.css', (_req, res) => send(res, 'text/css', docsStyle));
  for (const file of served)
    app.get(`/docs/assets/${file}`, (_req, res) => res.sendFile(file, { root: swaggerUi, maxAge: '1h' }));
  mountErrors(app, config.publicUrl, families);
}

function mountErrors(app: Express, publicUrl: string, families: readonly Family[]): void {
  const voice = families.find(({ refusalType }) => refusalType === 'application/problem+json');
  if (!voice) throw new RangeError('no family speaks in problem details');
  const pages = errorPages(voice, publicUrl);
  app.get('/docs/errors', (req, res) => {
    if (req.accepts(['html', 'json']) === 'json')
      send(res, 'application/json', JSON.stringify({ errors: pages }));
    else html(res, 200, errorIndexHtml(pages));
  });
  app.get('/docs/errors/:code', (req, res) => {
    const found = pages.find(({ code }) => code === req.params.code);
    const wantsJson = req.accepts(['html', 'json']) === 'json';
    if (!found) {
      const body = { error: 'No such error code', code: 'route_not_found' };
      if (wantsJson) send(res.status(404), 'application/json', JSON.stringify(body));
      else html(res, 404, page('No such error code', ['<p><a href="/docs/errors">All errors</a></p>']));
    } else if (wantsJson) send(res, 'application/json', JSON.stringify(found));
    else html(res, 200, errorPageHtml(found));
  });
}

function send(res: Response, type: string, text: string): void {
  const headers = { 'Cache-Control': 'no-cache', Vary: 'Accept' };
  const wire = unlessKnown(res.req, { status: res.statusCode, headers, body: text });
  res.status(wire.status).set(wire.headers).type(`${type}; charset=utf-8`).send(wire.body);
}

function html(res: Response, status: number, text: string): void {
  res.status(status).set('Content-Security-Policy', policy);
  send(res, 'text/html', text);
}

/** The demo shop's token of its staff: the page may show it, because production has no such token. */
const demoToken = 'olm_test_staff';

function reference(publicUrl: string, demo: boolean): string {
  const token = demo ? demoToken : '<token>';
  const call = [
    `curl -X POST ${publicUrl}/order/ \\`,
    `  -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' \\`,
    `  -d '{"customer_id": 1, "product_id": 1, "quantity": 2}'`,
  ].join('\n');
  return page(
    'Orderloom API',
    [
      '<p>The first call, ready to paste:</p>',
      `<pre>${escaped(call)}</pre>`,
      ...walkHtml(publicUrl, demo),
      '<p><a href="/openapi.json">OpenAPI document</a> · <a href="/docs/errors">Errors</a></p>',
      `<div id="reference"${demo ? ` data-token="${demoToken}"` : ''}></div>`,
    ],
    ['/docs/assets/swagger-ui-bundle.js', '/docs/assets/start.js'],
  );
}
