// `npm start`, `npm test` and `npm run dev` on a machine that has only Node 18 or later and npm.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const pnpm = 'pnpm@12.21.0';
const oldest = [24, 12];
process.chdir(root);

/** Installs when the lockfile or the platform is not what it was at the last install. */
function install() {
  const lockfile = readFileSync('pnpm-lock.yaml');
  const wanted = createHash('sha256').update(`${process.platform}-${process.arch} ${pnpm}`).update(lockfile);
  const stamp = join('node_modules', '.orderloom-stamp');
  const hash = wanted.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;

  console.log('Installing packages …');
  // The lockfile is reviewed like code and its tarballs are checked by hash. Asking the registry for the
  // age of every version, as pnpm does when it may not trust the lockfile, takes longer than the install.
  const args = ['--yes', pnpm, 'install', '--frozen-lockfile', '--trust-lockfile', '--reporter=append-only'];
  const done = spawnSync('npx', args, { encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.status !== 0)
    fail(`${done.stdout}${done.stderr}\nThe packages could not be installed: see above.`);
  writeFileSync(stamp, hash);
}

/** Node 24 comes as a package where there is one; elsewhere the system's own must be recent enough. */
function findNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  try {
    const home = join(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`), '..');
    return join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return process.execPath;
    return fail(
      `There is no ${name} package: install Node ${oldest.join('.')} or later (this is ${process.version}).`,
    );
  }
}

const newest = (path) => {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
};

/** Builds the console when it is absent or older than what it is made of. */
function buildConsole(run) {
  const inside = ['src', 'index.html', 'vite.config.ts'].map((name) => join('apps/admin', name));
  const sources = [...inside, 'packages/core/src', 'pnpm-lock.yaml'].filter((path) => existsSync(path));
  const built = 'apps/admin/dist/index.html';
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0;
  if (!sources.some((path) => newest(path) > builtAt)) return;
  const vite = ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error'];
  run(vite, { cwd: 'apps/admin' }).once('exit', (code) => {
    if (code !== 0) console.error('The console could not be built: see above. The API is served without it.');
  });
}

/** Runs until the program ends, and ends like it. */
function runToEnd(child) {
  // A terminal sends Ctrl-C to the whole group, so the program has it already; other senders reach only us.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  // npm hands a signal to the shell between us, which dies of it without telling us.
  const parent = process.ppid;
  const watch = () => process.ppid === parent || (clearInterval(timer), child.kill('SIGTERM'));
  const timer = process.env.npm_lifecycle_event ? setInterval(watch, 200) : undefined;
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const [mode = 'start', ...rest] = process.argv.slice(2);
install();
const node = findNode();
const env = { ...process.env, PATH: join(node, '..') + delimiter + process.env.PATH };
// Half of the room for young objects is enough: less memory, and the same speed.
const server = ['--max-semi-space-size=8', 'apps/server/src/main.ts'];
const run = (args, options = {}) => spawn(node, args, { env, stdio: 'inherit', ...options });
if (mode === 'start') {
  buildConsole(run); // beside the server, which has a database to make the first time
  runToEnd(run([...server, ...rest]));
} else if (mode === 'dev') {
  const vite = run(['node_modules/vite/bin/vite.js'], { cwd: 'apps/admin' });
  runToEnd(run(['--watch', ...server, ...rest]).once('exit', () => vite.kill()));
} else if (mode === 'test') {
  runToEnd(run(['scripts/check.mjs', 'all', ...rest]));
} else fail(`Unknown mode ${mode}: start, dev or test.`);
