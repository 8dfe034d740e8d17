import type { AnyRouter } from '@trpc/server';
import { newId } from '@orderloom/db';
import { z } from 'zod';
import type { Context } from '../../context.ts';
import { refusalOf } from '../../errors.ts';
import { refusals } from '../../refusals.ts';
import type { TestApp } from '../../testing.ts';
import type { Rule } from '../../trpc.ts';
import { formsOf } from './forms.ts';
import type { Told, Way } from './matrix.ts';

/** What tRPC keeps of a procedure. */
const Definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  inputs: z.array(z.instanceof(z.ZodType)),
  meta: z.object({ rule: z.custom<Rule>((value) => value !== undefined).optional() }).optional(),
});

/** Every way to call every procedure of a router: one for each kind of its input. */
export function waysOf(app: TestApp, router: AnyRouter): Way[] {
  const all: Record<string, unknown> = router._def.procedures;
  return Object.entries(all).flatMap(([procedure, one]) => {
    const { type, inputs, meta } = Definition.parse(Reflect.get(Object(one), '_def'));
    const [schema] = inputs;
    const common = {
      procedure,
      rule: meta?.rule,
      writes: type === 'mutation',
      stream: type === 'subscription',
    };
    const ask: Way['ask'] = ({ caller }, input) =>
      told(router, procedure, { ctx: contextOf(app, caller), input });
    const inputOf = (input: unknown) => (schema ? schema.parse(input) : undefined);
    try {
      const forms = schema ? formsOf(schema) : [undefined];
      return forms.map((form) => ({ ...common, name: nameOf(procedure, form), form, inputOf, ask }));
    } catch (thrown) {
      return [{ ...common, name: procedure, form: undefined, inputOf: () => unknownTo(thrown), ask }];
    }
  });
}

/** With the command, where the command is data. */
const nameOf = (procedure: string, form: unknown): string =>
  [procedure, /"type":"(\w+)"/.exec(JSON.stringify(form ?? null))?.[1] ?? []].flat().join(' ');

const contextOf = ({ parts }: TestApp, caller: Context['caller']): Context => ({
  parts,
  caller,
  at: '2026-11-21T10:00:00.000Z',
  newId,
  requestId: 'a-test-request',
  address: '127.0.0.1',
  log: parts.log,
  origin: 'admin',
  once: null,
  cookie: null,
});

const names = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}/g;
type Call = { readonly ctx: Context; readonly input: unknown };

async function told(router: AnyRouter, procedure: string, { ctx, input }: Call): Promise<Told> {
  const answer = await answerOf(router, procedure, { ctx, input });
  return { ...answer, words: answer.text.replaceAll(names, '<name>') };
}

async function answerOf(router: AnyRouter, procedure: string, { ctx, input }: Call) {
  try {
    const caller: unknown = router.createCaller(ctx);
    const call = procedure.split('.').reduce<unknown>((at, name) => Reflect.get(Object(at), name), caller);
    if (typeof call !== 'function') throw new RangeError(`no procedure ${procedure}`);
    const output: unknown = await Reflect.apply(call, undefined, [input]);
    return { status: 200, text: JSON.stringify(isStream(output) ? await drained(output) : output) ?? '' };
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    // A wrong password is an answer to the question that was asked.
    const status = refusal.code === 'SIGN_IN_FAILED' ? 422 : refusals[refusal.code].http;
    return { status, text: JSON.stringify(refusal.code === 'INTERNAL' ? String(thrown) : refusal) };
  }
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

/** The first items of a stream; one that waits for what is yet to happen is left after a moment. */
async function drained(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  const iterator = stream[Symbol.asyncIterator]();
  while (items.length < 50) {
    const late = new Promise<null>((resolve) => setTimeout(resolve, 20, null));
    const next = await Promise.race([iterator.next(), late]);
    if (next === null || next.done === true) break;
    items.push(next.value);
  }
  void iterator.return?.();
  return items;
}

function unknownTo(thrown: unknown): never {
  throw thrown instanceof Error ? thrown : new Error(String(thrown));
}
