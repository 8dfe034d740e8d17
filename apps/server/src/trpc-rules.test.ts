import { initTRPC } from '@trpc/server';
import { describe, expect, it } from 'vitest';
import { appRouter } from './router.ts';
import { open, router } from './trpc.ts';
import { assertRules } from './trpc-rules.ts';

describe('the rules of procedures', () => {
  it('are there for every procedure of the server', () => {
    expect(() => assertRules(appRouter)).not.toThrow();
  });

  it('stop a server that has a procedure without one, by name', () => {
    const bare = initTRPC.create();
    const careless = bare.router({ orders: bare.router({ purge: bare.procedure.mutation(() => 'gone') }) });
    expect(() => assertRules(careless)).toThrow('These procedures have no rule: orders.purge');
    expect(() => assertRules(router({ greet: open.query(() => 'hello') }))).not.toThrow();
  });
});
