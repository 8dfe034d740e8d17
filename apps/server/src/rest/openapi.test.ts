import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Refusal } from '../errors.ts';
import { refusals } from '../refusals.ts';
import { errorPages, errorsMarkdown } from './error-pages.ts';
import { type Family, operationsOf, refusalsOf, sampleIn } from './family.ts';
import { families } from './mount.ts';
import { exampleCall, openApiOf } from './openapi.ts';
import type { Row } from './row.ts';

const publicUrl = 'http://127.0.0.1:8000';
const document = openApiOf(families);
const rows = families.flatMap((family) => operationsOf(family).map(([row]) => ({ family, row })));
const [voice] = families.filter(({ refusalType }) => refusalType === 'application/problem+json');
if (!voice) throw new Error('no family speaks in problem details');

/** A generated file as it is in the repository; with `UPDATE=1` it is written first. */
function stored(path: string, text: string): string {
  if (process.env['UPDATE'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return readFileSync(path, 'utf8');
}

/** What a row says when it refuses. */
const refusedBy = (family: Family, { operationId: operation }: Row, code: Refusal['code']) =>
  family.refuse(sampleIn(family, code), { ...exampleCall, operation });

/** Where the document says what an operation answers with a status. */
const answerIn = ({ path, method }: Row, status: number) => {
  const paths = new Map(Object.entries(Object(document['paths'])));
  const operations = Object(paths.get(path.replaceAll(/:(\w+)/g, '{$1}')));
  return Object(Object(Object(operations[method]).responses)[status]);
};

/** An answer without a body has no example. */
const asSent = (example: unknown): unknown =>
  example === undefined ? undefined : JSON.parse(JSON.stringify(example));

describe('the OpenAPI document', () => {
  it('is the one in the repository (UPDATE=1 writes it)', () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    expect(stored('docs/openapi/openapi.json', text)).toBe(text);
  });

  it('has nothing that the linter finds', () => {
    const manifest = createRequire(import.meta.url).resolve('@redocly/cli/package.json');
    const cli = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.redocly);
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const lint = ['lint', 'docs/openapi/openapi.json', '--format=json', '--max-problems=50'];
    const said = execFileSync(process.execPath, [cli, ...lint], { env, encoding: 'utf8', stdio: 'pipe' });
    const { totals, problems } = JSON.parse(said);
    expect({ totals, problems }).toMatchObject({ totals: { errors: 0, warnings: 0 } });
  }, 60_000);

  it('names every operation once, with a tag that is explained', () => {
    const ids = rows.map(({ row }) => row.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { family, row } of rows) expect(Object.keys(family.tags)).toContain(row.tag);
  });

  it('has an example for every answer, which is what it documents', () => {
    for (const { family, row } of rows) {
      for (const answer of Object.values(row.answers))
        expect(answer.schema.safeParse(asSent(answer.example)).error).toBeUndefined();
      for (const code of refusalsOf(family, row)) {
        const { status, body } = refusedBy(family, row, code);
        expect(family.refusalSchema.safeParse(body).error).toBeUndefined();
        expect(status).toBeGreaterThanOrEqual(400);
      }
      expect(row.body?.safeParse(row.bodyExample ?? {}).error).toBeUndefined();
    }
  });
});

describe('an operation that gives a command', () => {
  it.each(
    rows.filter(({ row }) => row.procedure === 'orders.change').map(({ row }) => [row.operationId, row]),
  )('%s says which, so that its rights are those of the command', (_, row) => {
    const call = { params: { id: 'any' }, query: {}, version: 1, key: undefined, currency: '', publicUrl };
    expect(row.command).toBeDefined();
    expect(row.request({ ...call, body: row.bodyExample ?? {} })).toMatchObject({
      command: { type: row.command },
    });
  });
});

describe('a refusal in the OpenAPI document', () => {
  const cases = rows.flatMap(({ family, row }) =>
    refusalsOf(family, row).map((code) => ({ family, row, code, ...refusedBy(family, row, code) })),
  );

  it('is what the operation says, with the status that it answers', () => {
    const { examples } = Object(document['components']);
    for (const { family, row, code, status, body } of cases) {
      const { examples: own } = answerIn(row, status).content[family.refusalType];
      const { $ref } = own[refusals[code].wire];
      const told = [row.operationId, code, examples[String($ref).split('/').at(-1) ?? ''].value];
      expect(told).toEqual([row.operationId, code, body]);
    }
  });

  it('is said in the description as callers read it', () => {
    const said = (id: string, status: number) =>
      rows.flatMap(({ row }) => (row.operationId === id ? answerIn(row, status).description : []));
    expect(said('createServiceOrder', 404)).toEqual(['Product out of stock.']);
    expect(said('createCustomerOrder', 404)).toEqual(['Product not found; Customer not found.']);
    expect(said('createCustomerOrder', 500)).toEqual(['Failed to create the order.']);
  });
});

describe('the error catalogue', () => {
  it('is the one in the repository (UPDATE=1 writes it)', () => {
    const text = errorsMarkdown(errorPages(voice, publicUrl));
    expect(stored('docs/errors.md', text)).toBe(text);
  });

  it('gives every refusal a word of its own', () => {
    const words = Object.values(refusals).map(({ wire }) => wire);
    expect(new Set(words).size).toBe(words.length);
    for (const word of words) expect(word).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
  });
});
