import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { offences } from './architecture.ts';
import { functionsOf } from './source.ts';

const tree = globSync([
  '{packages,apps}/*/{src,migrations}/**/*.{ts,tsx}',
  '{test,bench,lab,examples,scripts}/**/*.{ts,tsx,mjs}',
  '{packages,apps}/*/*.ts',
  '*.{ts,mjs}',
]).map((path) => path.replaceAll('\\', '/'));

describe('the house', () => {
  it('is not empty', () => {
    expect(tree.length).toBeGreaterThan(20);
  });

  it('is in order', () => {
    expect(tree.flatMap((path) => offences(path, readFileSync(path, 'utf8')))).toEqual([]);
  });
});

const lines = (count: number, line = '  work();') => Array.from({ length: count }, () => line).join('\n');
const core = 'packages/core/src/order/place.ts';
const db = 'packages/db/src/order.ts';
const verb = 'apps/server/src/orders/read.ts';
const page = 'apps/admin/src/pages/orders.tsx';

/** A planted offence of each kind: where, what, and how it is reported. */
const planted: readonly (readonly [path: string, text: string, report: string])[] = [
  [core, `import { readFile } from 'node:fs';`, 'may not import node:fs'],
  [core, `import { z } from 'zod';`, 'may not import zod'],
  [core, `import { Place } from './inputs.ts';`, 'brings the input grammars'],
  [core, `import { OrderRow } from '@orderloom/db';`, 'may not import @orderloom/db'],
  [core, `import { x } from '../../../db/src/order.ts';`, 'reaches out of its package'],
  [db, `import { router } from '@orderloom/server/router';`, 'may not import @orderloom/server/router'],
  [db, `import express from 'express';`, 'may not import express'],
  [db, `import { type Order, decide } from '@orderloom/core';`, 'asks the core for a decision'],
  [verb, `import { anOrder } from '@orderloom/core/testing';`, 'may not import @orderloom/core/testing'],
  [verb, `import { topUp } from '../customers/top-up.ts';`, 'may not import customers/top-up.ts'],
  [verb, `import { stock } from '../stock/router.ts';`, 'may not import stock/router.ts'],
  [verb, `import { row } from '../rest/row.ts';`, 'may not import rest/row.ts'],
  [verb, `import { createApp } from '../app.ts';`, 'may not import app.ts'],
  ['apps/server/src/trpc.ts', `import { row } from './rest/row.ts';`, 'may not import rest/row.ts'],
  [page, `import { appRouter } from '@orderloom/server/router';`, 'may import only types'],
  [page, `import { OrderRow } from '@orderloom/db';`, 'may not import @orderloom/db'],
  [page, `import { join } from 'node:path';`, 'may not import node:path'],

  [core, `const at = new Date();`, 'the core asks nobody and waits for nothing: new Date()'],
  [core, `const id = crypto.randomUUID();`, 'the core asks nobody and waits for nothing: randomUUID'],
  [core, `const place = async () => {};`, 'the core asks nobody and waits for nothing: async'],
  [verb, `const at = Date.now();`, 'time, chance and ids are arguments'],
  [verb, `const port = process.env['PORT'];`, 'settings are read in config.ts'],
  [verb, `await em.flush();`, 'transactions belong to transact.ts'],
  [db, `await em.begin();`, 'transactions belong to transact.ts'],
  [verb, `res.status(404).json({});`, 'HTTP is spoken by the bridge and the edge'],
  ['apps/admin/src/ui/table.tsx', `const { data } = useQuery(options);`, 'ui shows, pages fetch'],
  [verb, `if (order.status === 'DRAFT') work();`, 'transitions are asked of the core'],
  ['apps/server/src/orders/router.ts', `try { work(); } catch {}`, 'a router is a table of contents'],
  [
    db,
    `const S = defineEntity({\n  name: 'OrderRow',\n  properties: { tenantId: p.string().primary() },\n});`,
    'OrderRow has a tenant and not its filter',
  ],
  ['apps/server/src/orders/utils.ts', `export const x = 1;`, 'is named after a drawer'],
  ['packages/db/src/types.ts', `export const x = 1;`, 'is named after a drawer'],
  ['apps/server/src/orders/order.service.ts', `export const x = 1;`, 'is named after a drawer'],

  [verb, `// ${'TO'}DO: later`, 'an unfinished thought'],
  [verb, `// ${'FIX'}ME: later`, 'an unfinished thought'],
  [verb, `// @ts-${'ignore'}`, 'the compiler is silenced'],
  [verb, `const x: any = 1;`, 'a value without a type'],
  [verb, `const x = new Map<string, any>();`, 'a value without a type'],
  [verb, `const x = body as Order;`, 'a cast'],
  [verb, `const x = body as unknown;`, 'a cast'],
  [verb, `export default work;`, 'a default export'],
  [verb, `export * from './views.ts';`, 'a barrel'],
  ['apps/server/src/orders/place.test.ts', `vi.mock('./views.ts');`, 'our own code is not mocked'],
  [verb, lines(301), 'has 301 lines, more than 300'],
  [verb, `// ${'x'.repeat(108)}`, 'line 1 is wider than 110'],
  [verb, `function place() {\n${lines(39)}\n}`, 'place has 41 lines, more than 40'],
  [verb, `const place = async (em: Em): Promise<void> => {\n${lines(39)}\n};`, 'place has 41 lines'],
  [verb, `class Batch {\n  take(one: One): Result<{ a: 1 }, E> {\n${lines(39)}\n  }\n}`, 'take has 41 lines'],
  [page, `function Page() {\n${lines(69)}\n}`, 'Page has 71 lines, more than 70'],
  [verb, `function place(a: A, b: Map<B, C>, c: C, d: D) {}`, 'place has 4 parameters, more than 3'],
  [core, `export const place = 1;`, 'place is not explained'],
];

/** What looks like an offence and is none. */
const innocent: readonly (readonly [path: string, text: string])[] = [
  [core, `// Nobody calls new Date() here, and process.env is not read.`],
  [core, `/** The words. */\nexport const words = ['async', 'await', 'any', 'as Order'];`],
  [core, `/** A kind. */\nexport const kinds = ['a'] as const;\nexport type Kind = (typeof kinds)[number];`],
  ['packages/core/src/inputs.ts', `import { z } from 'zod';`],
  ['packages/core/src/testing.ts', `import fc from 'fast-check';`],
  ['packages/core/src/order/place.test.ts', `import { expect } from 'vitest';\nconst at = new Date();`],
  [verb, `import { orderView } from '../orders/views.ts';\nimport { stockView } from '../stock/views.ts';`],
  [verb, `import { procedure } from '../trpc.ts';\nimport { place as decidePlace } from '@orderloom/core';`],
  [verb, `const quote = /['"\`]/.test(text); const half = total / 2; // 'unclosed`],
  [verb, `function place(a: A, { b, c, d, e }: B, at: Date): { ok: true } {\n${lines(38)}\n}`],
  ['packages/db/src/transact.ts', `await em.flush();`],
  ['apps/server/src/rest/bridge.ts', `res.status(status).json(body as Body);`],
  ['apps/server/src/config.ts', `export const env = process.env;`],
  ['apps/server/src/app.ts', `import { api } from './rest/api.ts';`],
  ['apps/admin/vite.config.ts', `export default defineConfig({});`],
  [
    page,
    `import type { AppRouter } from '@orderloom/server/router';\nconst say = <p>It's as Good as any</p>;`,
  ],
  [db, `import { statuses, type Order } from '@orderloom/core';`],
];

describe('a planted offence', () => {
  it.each(planted.map(([path, text, report]) => ({ path, text, report })))(
    'in $path: $report',
    ({ path, text, report }) => {
      expect(offences(path, text)).toContainEqual(expect.stringContaining(report));
    },
  );

  it.each(innocent.map(([path, text]) => ({ path, text })))(
    'is not seen in an innocent $path',
    ({ path, text }) => {
      expect(offences(path, text)).toEqual([]);
    },
  );

  it('is counted by its lines and parameters, whatever the shape of the function', () => {
    const code = [
      'export function one<T>(a: T, b: () => void): Promise<{ a: T }> {\n\n}',
      'const two = <T,>(a: Map<T, T>) => {\n};',
      'const three = (a: A, b: B, c: C) => a + b + c;',
    ];
    expect(
      functionsOf(code.join('\n')).map(({ name, line, lines: n, parameters }) => [name, line, n, parameters]),
    ).toEqual([
      ['one', 1, 3, 2],
      ['two', 4, 2, 1],
      ['three', 6, 1, 3],
    ]);
  });
});
