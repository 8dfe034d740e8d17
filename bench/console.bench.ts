import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { report } from './bench.ts';

// The JavaScript that the console loads first, as it travels. It must have been built.
const assets = fileURLToPath(new URL('../apps/admin/dist/assets/', import.meta.url));
const page = readFileSync(new URL('../apps/admin/dist/index.html', import.meta.url), 'utf8');
const scripts = readdirSync(assets).filter((name) => name.endsWith('.js') && page.includes(name));
const kilobytes =
  scripts.reduce((sum, name) => sum + gzipSync(readFileSync(assets + name)).length, 0) / 1_000;
report({
  name: 'console, first load',
  orders: null,
  value: { min: kilobytes, median: kilobytes, max: kilobytes },
  unit: 'kB of JavaScript (gz)',
  first: { wants: '≤ 350 kB', met: kilobytes <= 350 },
  aim: { wants: '≤ 200 kB', met: kilobytes <= 200 },
});
