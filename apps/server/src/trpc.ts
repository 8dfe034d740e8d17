import { may, type Result, type Scope } from '@orderloom/core';
import { type EntityManager, read, readAnywhere, transact } from '@orderloom/db';
import { initTRPC } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Caller, Context } from './context.ts';
import { orThrow, refusalOf, type Refusal, refuse } from './errors.ts';
import { outcome, workOnce } from './once.ts';

/**
 * Who may call a procedure. `all` reaches everything of the tenant; a caller who has only `own` reaches what
 * is theirs. The router refuses to start with a procedure that has no rule.
 */
export type Rule = 'anyone' | 'signed-in' | { readonly all: Scope; readonly own?: Scope };

const t = initTRPC
  .context<Context>()
  .meta<{ readonly rule: Rule }>()
  .create({
    isDev: false,
    // A stream ends after five minutes: its client comes again by itself, and its credential is checked anew.
    sse: {
      maxDurationMs: 300_000,
      ping: { enabled: true, intervalMs: 15_000 },
      client: { reconnectAfterInactivityMs: 40_000 },
    },
    errorFormatter: ({ shape, error, ctx }) => {
      const refusal = refusalOf(error);
      // A refusal that the database told us of was thrown as a fault, and is none.
      const told = refuse(refusal);
      const face = { code: told.code, httpStatus: getHTTPStatusCodeFromError(told) };
      const data = { ...shape.data, ...face, refusal, requestId: ctx?.requestId ?? null };
      return { ...shape, message: refusal.code, data };
    },
  });

export const { router } = t;

/** A procedure that anybody may call: sign-in and little else. */
export const open = t.procedure.meta({ rule: 'anyone' });

/** Whoever acts: all that a verb needs to know of its caller. */
export type Actor = Pick<Context, 'at' | 'newId' | 'requestId' | 'origin' | 'once'> & {
  readonly caller: Caller;
  /** `own` when the caller may reach only what is theirs. */
  readonly reach: 'all' | 'own';
  /** Whether there is a gateway that takes cards. */
  readonly cards?: boolean | undefined;
};

/**
 * What a procedure behind a rule can do: write as one unit of work, or read, always within the caller's
 * tenant.
 */
export type Acting = Context &
  Actor & {
    readonly commit: <T>(work: (em: EntityManager) => Promise<Result<T, Refusal>>) => Promise<T>;
    /** Commits, and answers `view` of the outcome, which is stored for requests with a key. */
    readonly commitAs: <T, V>(
      work: (em: EntityManager) => Promise<Result<T, Refusal>>,
      view: (value: T) => V,
    ) => Promise<V>;
    readonly read: <T>(work: (em: EntityManager) => Promise<T>) => Promise<T>;
    /** The same from a replica that has come as far, if there is one: for lists and streams. */
    readonly readAnywhere: Acting['read'];
  };

/** A procedure for callers that the rule admits; everybody else is refused before anything is looked up. */
export const procedure = (rule: Exclude<Rule, 'anyone'>) =>
  t.procedure.meta({ rule }).use(({ ctx, next }) => next({ ctx: admit(ctx, rule) }));

function admit(ctx: Context, rule: Exclude<Rule, 'anyone'>): Acting {
  const { caller, parts } = ctx;
  if (!caller) throw refuse({ code: 'UNAUTHENTICATED' });
  const { tenantId } = caller;
  const scope = { tenantId };
  const commitAs: Acting['commitAs'] = async (work, view) => {
    const { once } = ctx;
    if (!once) return view(orThrow(await transact(parts.db, scope, work)));
    return outcome(await transact(parts.db, scope, (em) => workOnce(em, { tenantId, once, work, view })));
  };
  return {
    ...ctx,
    caller,
    reach: reachOf(caller, rule),
    cards: parts.gateway !== null,
    commit: (work) => commitAs(work, (value) => value),
    commitAs,
    read: (work) => read(parts.db, scope, work),
    readAnywhere: (work) => readAnywhere(parts.db, scope, work),
  };
}

/** How far a caller reaches by a rule; one whom it does not admit is refused. */
export function reachOf(caller: Caller, rule: Rule): 'all' | 'own' {
  if (typeof rule === 'string') return 'own';
  if (may(caller, rule.all)) return 'all';
  if (rule.own && may(caller, rule.own)) return 'own';
  throw refuse({ code: 'FORBIDDEN', scope: rule.own ?? rule.all });
}
