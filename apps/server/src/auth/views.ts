import { roles, scopes } from '@orderloom/core';
import { z } from 'zod';

/** Who is signed in, in which tenant, with which rights; nobody is a user of `null`. */
export const Me = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(roles) }).nullable(),
  tenant: z.object({ id: z.string(), name: z.string(), currency: z.string() }).nullable(),
  scopes: z.array(z.enum(scopes)),
});
export type Me = z.output<typeof Me>;

/** One of one's own sessions; its id is a hash and opens nothing. */
export const SessionView = z.object({
  id: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  current: z.boolean(),
});
