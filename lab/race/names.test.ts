import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

it.each([
  ['lab/race/run.ts --only scarce --only typo', 'scarce, hot, duplicates'],
  ['lab/race/run.ts --self-test --only typo', 'stock, '],
  ['lab/faults/run.ts --only server-kill,typo', 'server-kill, server-pause'],
  ['bench/run.ts core typo', 'bulk, check, commands'],
])('a name that means nothing is refused, and those that do are told: %s', (command, known) => {
  const { status, stderr } = spawnSync(process.execPath, command.split(' '), { cwd: root, timeout: 20_000 });
  expect(String(stderr)).toContain('nothing is called typo; there are ');
  expect(String(stderr)).toContain(known);
  expect(status).toBe(2);
});
