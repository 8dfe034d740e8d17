import { roles, scopes } from '@orderloom/core';
import { z } from 'zod';

/** Somebody who can sign in. */
export const UserView = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  customerId: z.string().nullable(),
  disabled: z.boolean(),
  createdAt: z.string(),
});

/** An API token, without the secret that makes it one. */
export const TokenView = z.object({
  id: z.string(),
  principalId: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});

/** A new API token: the only answer that ever holds the token itself. */
export const NewTokenView = TokenView.extend({ token: z.string() });
export type TokenView = z.output<typeof TokenView>;
export type NewTokenView = z.output<typeof NewTokenView>;
