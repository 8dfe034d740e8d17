import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type Express, type RequestHandler, type Response } from 'express';

// Beside the sources in the repository, and beside the bundle in an image.
const homes = ['../../../admin/dist', '../../admin/dist', '../admin'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/**
 * Serves the console under `/admin/`: its files as they were built, and its page for every address within.
 */
export function mountConsole(app: Express): void {
  app.get('/', (_req, res) => res.redirect(302, '/admin/'));
  app.get('/admin', (req, res, next) =>
    req.path === '/admin' ? res.redirect(302, `/admin/${search(req.originalUrl)}`) : next(),
  );
  for (const home of homes) app.use('/admin', files(home));
  app.get(['/admin/', '/admin/*path'], page);
}

const search = (url: string): string => (url.includes('?') ? url.slice(url.indexOf('?')) : '');

/** The names of the built files carry their hashes, so they never change; the others are asked for again. */
const files = (home: string): RequestHandler =>
  express.static(home, {
    index: false,
    redirect: false,
    setHeaders: (res: Response, path) => {
      const immutable = path.includes(`${join('admin', 'dist', 'assets')}`) || /[\\/]assets[\\/]/.test(path);
      res.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

/**
 * What the page may load: its own files. Its styles are made in the browser, so they carry the answer's
 * nonce.
 */
const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');

const page: RequestHandler = async (req, res, next) => {
  // A missing file is missing; only addresses of pages lead to the page.
  if (/\.\w{1,8}$/.test(req.path)) {
    next();
    return;
  }
  const built = await firstPage();
  const nonce = randomBytes(18).toString('base64');
  res.status(built === null ? 503 : 200).set({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policyWith(nonce),
    'Cache-Control': 'no-store',
  });
  res.send((built ?? unbuilt).replaceAll('__CSP_NONCE__', nonce));
};

async function firstPage(): Promise<string | null> {
  for (const home of homes) {
    const text = await readFile(join(home, 'index.html'), 'utf8').catch(() => null);
    if (text !== null) return text;
  }
  return null;
}

const unbuilt = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="refresh" content="2" />
    <title>Orderloom</title>
    <style nonce="__CSP_NONCE__">
      body { font: 1rem/1.5 system-ui; max-width: 40rem; margin: 20vh auto; padding: 0 1rem }
    </style>
  </head>
  <body>
    <h1>The console is not built yet</h1>
    <p>After <code>npm start</code> it is built in a few seconds, and this page goes on by itself. By hand:
      <code>pnpm --filter @orderloom/admin build</code>.</p>
    <p>The API works meanwhile: see the <a href="/docs">documentation</a>.</p>
  </body>
</html>
`;
