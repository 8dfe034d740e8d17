import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isBeginning, refuseUnknown } from '../lab/arguments.ts';
import type { Result } from './result.ts';
import { pageOf } from './page.ts';
import { filledWith } from './stage.ts';

// `pnpm bench` runs every case, `pnpm bench place` those whose name begins so. Each case is its own process.
const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const { values: asked, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    quick: flag,
    'no-budget': flag,
    'seed-orders': flag,
    check: flag,
    orders: text,
    seconds: text,
    turns: text,
  },
});
const { quick = false } = asked;
const sizes = asked.orders?.split(',') ?? (quick ? ['10000'] : ['10000', '1000000']);
const { seconds = quick ? '2' : '5', turns = '3' } = asked;

const here = fileURLToPath(new URL('.', import.meta.url));
const known = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.replace('.bench.ts', ''));
refuseUnknown(wanted, known, isBeginning);

for (const size of sizes) await filledWith(Number(size));
if (asked['seed-orders']) process.exit();

// What is the same however many orders there are.
const sizeless = ['console', 'core', 'relay', 'yardsticks'];
const names = known.filter((name) =>
  wanted.length === 0 ? name !== 'check' || asked.check : wanted.some((word) => isBeginning(word, name)),
);

const started = new Date().toISOString();
const folder = mkdtempSync(join(tmpdir(), 'orderloom-results-'));
const out = join(folder, 'results');
writeFileSync(out, '');
const env = { ...process.env, BENCH_OUT: out, BENCH_BUDGET: asked['no-budget'] ? 'off' : 'on' };
const loads = [loadavg()[0] ?? 0];
const failed = names.filter(
  (name) =>
    (sizeless.includes(name) ? sizes.slice(0, 1) : sizes).filter((orders) => {
      console.log(`\n${name}`);
      const args = ['--orders', orders, '--seconds', seconds, '--turns', turns];
      const ended = spawnSync(process.execPath, [join(here, `${name}.bench.ts`), ...args], {
        stdio: 'inherit',
        env,
      });
      loads.push(loadavg()[0] ?? 0);
      return ended.status !== 0;
    }).length > 0,
);
const results = readFileSync(out, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): Result => JSON.parse(line));
rmSync(folder, { recursive: true });
const page = pageOf(results, { started, loads, seconds, turns, failed });
// A part of it, or a hurried one, is only printed.
if (quick || wanted.length > 0) console.log(`\n${page}`);
else writeFileSync(join(here, 'RESULTS.md'), page);
if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
