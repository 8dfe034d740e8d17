import { NewPassword, SignIn } from '@orderloom/core/inputs';
import { z } from 'zod';
import { orThrow } from '../errors.ts';
import { open, procedure, router } from '../trpc.ts';
import { endOwnSession, ownSessions } from './own-sessions.ts';
import { changePassword, meOf, signIn, signOut } from './sign-in.ts';
import { Me, SessionView } from './views.ts';

const SessionId = z.strictObject({ id: z.string().regex(/^[0-9a-f]{64}$/) });
const ChangePassword = z.strictObject({ currentPassword: SignIn.shape.password, newPassword: NewPassword });

export const auth = router({
  /** Who is signed in; open to all, because the console asks before it shows anything. */
  me: open.output(Me).query(({ ctx }) => meOf(ctx, ctx.caller)),

  signIn: open
    .input(SignIn)
    .output(Me)
    .mutation(async ({ ctx, input }) => orThrow(await signIn(ctx, input))),

  signOut: open.mutation(({ ctx }) => signOut(ctx)),

  changePassword: procedure('signed-in')
    .input(ChangePassword)
    .output(z.null())
    .mutation(async ({ ctx, input }) => orThrow(await changePassword(ctx, input))),

  sessions: procedure('signed-in')
    .output(z.array(SessionView))
    .query(({ ctx }) => ownSessions(ctx)),

  endSession: procedure('signed-in')
    .input(SessionId)
    .output(z.null())
    .mutation(({ ctx, input }) => ctx.commit((em) => endOwnSession(em, input.id, ctx))),
});
