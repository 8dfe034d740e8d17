import { roles } from '@orderloom/core';
import { CreateToken, CreateUser, Id } from '@orderloom/core/inputs';
import { z } from 'zod';
import { orThrow } from '../errors.ts';
import { procedure, router } from '../trpc.ts';
import { changeUser, createUser, listUsers } from './change.ts';
import { createToken, endToken, listTokens } from './tokens.ts';
import { NewTokenView, TokenView, UserView } from './views.ts';

const UserId = z.strictObject({ id: Id });
const SetRole = UserId.extend({ role: z.enum(roles) });
/** Whose tokens; left out, one's own. */
const OfUser = { user: Id.optional() };

const tokens = router({
  list: procedure('signed-in')
    .input(z.strictObject(OfUser).optional())
    .output(z.array(TokenView))
    .query(async ({ ctx, input }) => orThrow(await listTokens(ctx, input?.user))),

  /** The token is in this answer and nowhere else. */
  create: procedure('signed-in')
    .input(CreateToken.extend(OfUser))
    .output(NewTokenView)
    .mutation(({ ctx, input: { expiresInDays, ...asked } }) => {
      const expiresAt = new Date(Date.parse(ctx.at) + expiresInDays * 86_400_000).toISOString();
      return ctx.commit((em) => createToken(em, { ...asked, expiresAt }, ctx));
    }),

  revoke: procedure('signed-in')
    .input(UserId)
    .output(z.null())
    .mutation(({ ctx, input }) => ctx.commit((em) => endToken(em, input.id, ctx))),
});

export const users = router({
  list: procedure({ all: 'users:admin' })
    .output(z.array(UserView))
    .query(({ ctx }) => listUsers(ctx)),

  create: procedure({ all: 'users:admin' })
    .input(CreateUser)
    .output(UserView)
    .mutation(async ({ ctx, input }) => orThrow(await createUser(ctx, input))),

  setRole: procedure({ all: 'users:admin' })
    .input(SetRole)
    .output(UserView)
    .mutation(({ ctx, input: { id, role } }) => ctx.commit((em) => changeUser(em, { id, role }, ctx))),

  disable: procedure({ all: 'users:admin' })
    .input(UserId)
    .output(UserView)
    .mutation(({ ctx, input: { id } }) =>
      ctx.commit((em) => changeUser(em, { id, disabledAt: ctx.at }, ctx)),
    ),

  enable: procedure({ all: 'users:admin' })
    .input(UserId)
    .output(UserView)
    .mutation(({ ctx, input: { id } }) => ctx.commit((em) => changeUser(em, { id, disabledAt: null }, ctx))),

  tokens,
});
