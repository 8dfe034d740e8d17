import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { aShop, startApp, testPassword, type TestUser } from '../../apps/server/src/testing.ts';
import { launchBrowser } from '../browser.ts';

type Shop = Awaited<ReturnType<typeof aShop>>;

/** The console as people meet it: a real server, a real browser, and shops of their own. */
export type Console = {
  readonly app: Awaited<ReturnType<typeof startApp>>;
  /** A shop that no other story uses. */
  readonly shop: (options?: Parameters<typeof aShop>[1]) => Promise<Shop>;
  /** A browser of one person, signed in unless nobody is named. */
  readonly visit: (user: TestUser | null, options?: BrowserContextOptions) => Promise<Page>;
};

/** Opens the console for a test file, to be called at its top; everything closes at the end of the file. */
export async function openConsole(): Promise<Console> {
  await build();
  const app = await startApp();
  const browser = await launchBrowser();
  afterAll(() => browser.close());
  const visit: Console['visit'] = async (user, options = {}) => {
    const context = await browser.newContext({ baseURL: app.url, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(40_000);
    const page = await context.newPage();
    if (user) await signIn(page, user);
    return page;
  };
  return { app, shop: (options) => aShop(app, options), visit };
}

async function signIn(page: Page, { email }: TestUser): Promise<void> {
  await page.goto('/admin/');
  await page.getByRole('textbox', { name: 'Email address' }).fill(email);
  await page.getByRole('textbox', { name: 'Password' }).fill(testPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor();
}

const admin = fileURLToPath(new URL('../../apps/admin', import.meta.url));
const built = join(admin, 'dist', 'index.html');
const lock = join(admin, '.cache', 'building');

/** Builds the console when it is absent or older than its sources; files that run beside this one wait. */
async function build(): Promise<void> {
  if (await isFresh()) return;
  mkdirSync(join(admin, '.cache'), { recursive: true });
  if (!takeLock()) {
    await wait(200);
    return build();
  }
  try {
    const vite = spawnSync(
      process.execPath,
      [join(admin, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'error'],
      // As users get it: under a test's NODE_ENV the build would be the larger one for development.
      { cwd: admin, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
    );
    if (vite.status !== 0) throw new Error(`the console could not be built:\n${vite.stdout}${vite.stderr}`);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

async function isFresh(): Promise<boolean> {
  if (!existsSync(built)) return false;
  const age = statSync(built).mtimeMs;
  const sources = [
    'src/**/*.*',
    'public/*',
    'index.html',
    'vite.config.ts',
    '../../packages/core/src/**/*.ts',
  ];
  for await (const path of glob(sources, { cwd: admin }))
    if (statSync(join(admin, path)).mtimeMs > age) return false;
  return true;
}

/** A lock that was left behind by a run that was killed does not count. */
function takeLock(): boolean {
  const abandonedMs = 120_000;
  const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (since !== undefined && Date.now() - since > abandonedMs) rmSync(lock, { recursive: true, force: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
