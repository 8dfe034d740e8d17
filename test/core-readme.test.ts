import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as face from '@orderloom/core';
import { describe, expect, it } from 'vitest';

const home = fileURLToPath(new URL('../packages/core', import.meta.url));
const read = (path: string) => readFileSync(`${home}/${path}`, 'utf8');
const [, example = ''] = /```ts\n(.*?)```/s.exec(read('README.md')) ?? [];
const run = (...args: readonly string[]) =>
  execFileSync(process.execPath, args, { cwd: home, encoding: 'utf8', input: example, stdio: 'pipe' });

describe('the example in the README', () => {
  const said = 'INSUFFICIENT_STOCK\nCONFIRMED paid 80.25\norder.shipped tea-1 -3\n';

  it('does what it says', () => {
    expect(run('--input-type=module-typescript', '-')).toBe(said);
  });

  it('is the one among the examples, which does it too', () => {
    expect(example).toBe(read('../../examples/core-place-an-order.ts'));
    expect(run('../../examples/core-place-an-order.ts')).toBe(said);
  });

  it('is beside a table of what there is', () => {
    const [, idea = ''] = /## The whole idea(.*?)## /s.exec(read('README.md')) ?? [];
    const rows = [...idea.matchAll(/^\| (`.*`) \|/gm)].map(([, cell = '']) => cell);
    const named = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)[`(]/g)].map(([, name]) => name));
    expect(Object.keys(face)).toEqual(expect.arrayContaining(named));
    expect(named.length).toBeGreaterThan(10);
  });
});

describe('the face of the package', () => {
  const sources = globSync('src/**/*.ts', { cwd: home }).filter((path) => !path.endsWith('.test.ts'));
  const [faceText, ...texts] = [read('src/index.ts'), ...sources.map(read)];
  const names = [...(faceText ?? '').matchAll(/^ {2}(?:type )?(\w+),$|[{,] (?:type )?(\w+)(?=,| \})/gm)].map(
    ([, alone, inline]) => alone ?? inline ?? '',
  );

  it('shows all that it exports', () => {
    expect(names).toEqual(expect.arrayContaining(Object.keys(face)));
  });

  it.each(names)('says in a sentence what %s is', (name) => {
    const declared = new RegExp(`\\*/\\nexport (?:const|type|function) ${name}\\b`);
    expect(texts.some((text) => declared.test(text))).toBe(true);
  });

  it('needs neither zod nor fast-check', () => {
    const reached = new Set<string>();
    const visit = (path: string) => {
      if (reached.has(path)) return;
      reached.add(path);
      const folder = new URL(`file:///${path}`);
      for (const [, from = ''] of read(path).matchAll(/from '([^']+)'/g)) {
        expect(from.startsWith('.')).toBe(true);
        visit(new URL(from, folder).pathname.slice(1));
      }
    };
    visit('src/index.ts');
    expect(reached.size).toBeGreaterThan(15);
  });
});
