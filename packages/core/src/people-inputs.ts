import { z } from 'zod';
import { roles, scopes } from './access.ts';
import { Ref, Text } from './word-inputs.ts';

/** Who signs in, and with what. */
export const SignIn = z.strictObject({
  email: Text(254).toLowerCase(),
  password: z.string().min(1).max(128),
});
export type SignIn = z.output<typeof SignIn>;

/** A password that may be chosen: 12 to 128 characters of any kind. */
export const NewPassword = z.string().min(12).max(128);

/** A new member of the staff, or a customer's own sign-in. */
export const CreateUser = z.strictObject({
  email: z.email().toLowerCase().max(254),
  name: Text(200).min(1),
  role: z.enum(roles),
  password: NewPassword,
  customer: Ref.optional(),
});
export type CreateUser = z.output<typeof CreateUser>;

/** A new API token: at most what its owner's role may do, for a year at the most. */
export const CreateToken = z.strictObject({
  name: Text(100).min(1),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  expiresInDays: z.int().min(1).max(365).default(90),
});
export type CreateToken = z.output<typeof CreateToken>;
