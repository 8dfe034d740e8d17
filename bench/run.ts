import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// `pnpm bench` runs every case, `pnpm bench place` those whose name begins so. Each case is its own process.
const wanted = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));
const cases = readdirSync(here)
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.startsWith(name)));
let failed = 0;
for (const file of cases) {
  console.log(`\n${file.replace('.bench.ts', '')}`);
  failed += spawnSync(process.execPath, [`${here}${file}`], { stdio: 'inherit' }).status === 0 ? 0 : 1;
}
process.exitCode = failed > 0 ? 1 : 0;
