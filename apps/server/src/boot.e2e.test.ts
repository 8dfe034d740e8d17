import { describe, expect, it } from 'vitest';
import { createFirstAdmin } from './boot.ts';
import { startApp } from './testing.ts';

const app = await startApp();

describe('several servers that start at once on an empty database', () => {
  it('make one administrator, and all of them go on', async () => {
    const firstAdmin = { email: 'first@example.com', password: 'a password for the first' };
    const config = { ...app.parts.config, firstAdmin };
    const at = '2026-11-21T09:00:00.000Z';
    const made = await Promise.all([1, 2, 3].map(() => createFirstAdmin(app.db, config, at)));
    expect(made.filter((email) => email !== null)).toEqual(['first@example.com']);
  });
});
