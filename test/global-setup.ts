import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@orderloom/db/embedded';
import { migrateTemplate } from '@orderloom/db/testing';
import type { TestProject } from 'vitest/node';
import { whichBrowser } from './browser.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
  }
}

/** One server and one migrated template per run; each test file clones its own database from the template. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (project.name === 'e2e') await whichBrowser();
  const given = process.env['DATABASE_URL'];
  if (given) {
    await migrateTemplate(given);
    project.provide('databaseUrl', given);
    return async () => {};
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'orderloom-test-'));
  await chmod(dataDir, 0o755); // the server may run as another user than we do
  const server = await startEmbedded({ dataDir, durable: false });
  await migrateTemplate(server.url);
  project.provide('databaseUrl', server.url);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
