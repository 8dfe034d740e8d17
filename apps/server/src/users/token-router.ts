import { scopes } from '@orderloom/core';
import { Named } from '@orderloom/core/inputs';
import { type TokenLine, tokensList } from '@orderloom/db';
import { z } from 'zod';
import { ListAsked, listPage, PageOf } from '../list.ts';
import { procedure, router } from '../trpc.ts';
import { createToken, endToken, findToken } from './tokens.ts';
import { NewTokenView, TokenView } from './views.ts';

const rule = { all: 'tokens:admin' } as const;
const NewToken = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  expiresAt: z.iso
    .datetime({ offset: true })
    .meta({ examples: ['2999-01-01T00:00:00Z'] })
    .nullable(),
});

/** Every token of the tenant, for those who administer it. */
export const tokens = router({
  page: procedure(rule)
    .input(ListAsked)
    .output(PageOf(TokenView))
    .query(({ ctx, input }) => listPage<TokenLine>(ctx, tokensList, { asked: input })),

  get: procedure(rule)
    .input(Named)
    .output(TokenView)
    .query(({ ctx, input }) => findToken(ctx, input.id)),

  /** The token is in this answer and nowhere else. */
  create: procedure(rule)
    .input(NewToken)
    .output(NewTokenView)
    .mutation(({ ctx, input }) => ctx.commit((em) => createToken(em, input, ctx))),

  revoke: procedure(rule)
    .input(Named)
    .output(z.null())
    .mutation(({ ctx, input }) => ctx.commit((em) => endToken(em, input.id, ctx))),
});
