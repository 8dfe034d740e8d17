import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { type Answered, aShop, call, type TestApp } from '../../testing.ts';
import type { Seen } from './seen.ts';

const Step = z.strictObject({
  /** Who calls; left out, nobody in particular. */
  as: z.enum(['customer', 'staff', 'admin']).optional(),
  request: z.strictObject({
    method: z.string(),
    path: z.string(),
    headers: z.record(z.string(), z.string()).optional(),
    /** JSON, or with `text` the bytes as they are. */
    body: z.unknown().optional(),
    text: z.string().optional(),
  }),
  reply: z.strictObject({
    status: z.int(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.unknown().optional(),
    /** The body byte for byte, where JSON says too little. */
    text: z.string().optional(),
  }),
  /** Names for fields of the answer, to be used as `{name}` in later paths and bodies. */
  save: z.record(z.string(), z.string()).optional(),
});
type Step = z.output<typeof Step>;

const Vector = z.strictObject({
  says: z.string(),
  shop: z
    .strictObject({
      stock: z.int().default(10),
      price: z.int().default(2_500),
      balance: z.int().default(10_000),
    })
    .prefault({}),
  steps: z.array(Step).min(1),
});
export type Vector = z.output<typeof Vector> & { readonly file: string };

/** The vectors of a contract: requests, and what must be answered to them. */
export const vectorsOf = (contract: string): Vector[] =>
  globSync(`test/vectors/${contract}/*.json`)
    .sort()
    .map((path) => ({
      ...Vector.parse(JSON.parse(readFileSync(path, 'utf8'))),
      file: `${contract}/${basename(path, '.json')}`,
    }));

export type Outcome = { readonly step: Step; readonly answer: Answered; readonly text: string };

/** Plays a vector in a shop of its own; what differs from run to run is named in the texts that come back. */
export async function play(app: TestApp, seen: Seen, { shop, steps }: Vector): Promise<Outcome[]> {
  const made = await aShop(app, shop);
  const tokens = { customer: made.customer.token, staff: made.staff.token, admin: made.admin.token };
  const saved = new Map<string, string>([['tenant', made.tenant.tenantId]]);
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    const { method, path, headers = {}, body, text } = step.request;
    const fill = (word: string) => word.replaceAll(/\{(\w+)\}/g, (whole, name) => saved.get(name) ?? whole);
    const sent = text ?? (body === undefined ? undefined : fill(JSON.stringify(body)));
    const token = step.as && tokens[step.as];
    const asked = {
      method,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)])),
      ...(token === undefined ? {} : { token }),
      ...(sent === undefined ? {} : { body: sent }),
    };
    const answer = await call(app, fill(path), asked);
    seen.note(method, fill(path), answer.status);
    const tag = method === 'GET' && answer.status === 200 ? answer.headers.get('etag') : null;
    if (tag !== null) {
      const again = { ...asked, headers: { ...asked.headers, 'If-None-Match': tag } };
      const { status, text: nothing } = await call(app, fill(path), again);
      expect({ status, nothing }).toEqual({ status: 304, nothing: '' });
      seen.note(method, fill(path), status);
    }
    for (const [name, field] of Object.entries(step.save ?? {})) saved.set(name, fieldOf(answer.json, field));
    outcomes.push({ step, answer, text: nameless(app.url, answer.text) });
  }
  return outcomes;
}

const fieldOf = (json: unknown, field: string): string =>
  typeof json === 'object' && json !== null ? String(Reflect.get(json, field)) : '';

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The same text with names for what no vector can know. */
export const nameless = (url: string, text: string): string =>
  text
    .replaceAll(url, '<url>')
    .replaceAll(uuid, '<uuid>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z/g, '<time>')
    .replaceAll(/ORD-\d{8}-\d{4,}/g, '<number>');
