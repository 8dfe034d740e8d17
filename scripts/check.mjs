// `quick`: format, lint, types and the tests that need no database. `all`: everything, as `npm test` runs it.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = join(root, '.cache', 'reports');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const node = process.execPath;
// Workers and tools find the same Node first.
const env = {
  ...process.env,
  PATH: `${join(node, '..')}:${process.env.PATH}`,
  NO_COLOR: '1',
  FORCE_COLOR: '0',
};

const tool = (name, ...commands) => ({ name, commands });
const tests = (project) => ({
  name: `tests: ${project}`,
  report: join(reports, `${project}.json`),
  commands: [
    [
      node,
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      `--project=${project}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${join(reports, `${project}.json`)}`,
    ],
  ],
});

const quick = [
  tool('format', [bin('oxfmt'), '--check']),
  tool('lint', [bin('oxlint'), '--quiet']),
  tool('types', [bin('tsc'), '-b']),
  tests('unit'),
];
const tarball = join(reports, 'core.tgz');
/** The library as a stranger gets it: packed with its published exports, then judged from outside. */
const published = tool(
  'package of core',
  [bin('tsc'), '-p', 'packages/core/tsconfig.build.json'],
  ['npx', '--yes', 'pnpm@12.21.0', '--dir', 'packages/core', 'pack', '--out', tarball],
  [bin('publint'), 'run', tarball, '--strict'],
  [bin('attw'), tarball, '--profile', 'esm-only', '--no-emoji'],
);
/** What stands on one line runs at the same time; two cores are busy with two of them. */
const plan = { quick: [quick], all: [[...quick, published], [tests('db')], [tests('e2e')]] };

/** Runs the commands of a step one after the other, up to the first that fails. */
async function runStep(step) {
  const started = performance.now();
  let output = '';
  let code = 0;
  for (const [file, ...args] of step.commands) {
    code = await new Promise((resolve) => {
      const child = spawn(file, args, { cwd: root, env });
      child.stdout.on('data', (chunk) => (output += chunk));
      child.stderr.on('data', (chunk) => (output += chunk));
      child.once('error', (error) => ((output += error.message), resolve(1)));
      child.once('close', (status) => resolve(status ?? 1));
    });
    if (code !== 0) break;
  }
  const seconds = (performance.now() - started) / 1000;
  const counts = step.report
    ? countTests(step.report, code)
    : { passed: Number(code === 0), failed: Number(code !== 0), skipped: 0 };
  if (code !== 0) console.log(`\n${'─'.repeat(20)} ${step.name} ${'─'.repeat(20)}\n${output.trim()}\n`);
  return { name: step.name, seconds, ...counts };
}

/** A run that fails without a failed test (a file does not load, a setup throws) counts as one failure. */
function countTests(report, code) {
  const none = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  const seen = { ...none, ...readReport(report) };
  return {
    passed: seen.numPassedTests,
    failed: Math.max(seen.numFailedTests, Number(code !== 0)),
    skipped: seen.numPendingTests + seen.numTodoTests,
  };
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

const [mode = 'quick'] = process.argv.slice(2);
if (!plan[mode]) throw new Error(`Unknown mode ${mode}: quick or all.`);
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const results = [];
for (const stage of plan[mode]) results.push(...(await Promise.all(stage.map(runStep))));
const also = (skipped) => (skipped ? `, ${skipped} skipped` : '');
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
for (const { name, seconds, passed, failed, skipped } of results) {
  const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed`;
  console.log(`${name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s ${counts}${also(skipped)}`);
}
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${also(sum('skipped'))}`);
process.exit(sum('failed') === 0 ? 0 : 1);
