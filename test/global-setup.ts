import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@orderloom/db/embedded';
import { migrateTemplate } from '@orderloom/db/testing';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrl: string;
  }
}

/** One server and one migrated template per run; each test file clones its own database from the template. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['DATABASE_URL'];
  if (given) {
    await migrateTemplate(given);
    project.provide('databaseUrl', given);
    return async () => {};
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'orderloom-test-'));
  const server = await startEmbedded({ dataDir, durable: false });
  await migrateTemplate(server.url);
  project.provide('databaseUrl', server.url);
  return async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
