import { z } from 'zod';

/** A text of one person's hand: trimmed, without what no database stores. */
export const Text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    // PostgreSQL stores no NUL in a text, and half of a surrogate pair is no character at all.
    .refine((text) => !text.includes('\0'), 'must not contain a NUL character')
    .refine((text) => text.isWellFormed(), 'must not contain half a character');

/** A word of the shop's own: neither digits alone nor a UUID, which would name something else. */
export const Word = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^(?!\d+$)[\w.-]+$/, 'letters, digits, dots and hyphens; not digits alone')
    .refine((word) => !z.guid().safeParse(word).success, 'must not look like a UUID');

/** A UUID in any case; stored and answered in lower case. */
export const Id = z.uuid().transform((id) => id.toLowerCase());

/** What a client calls a thing: its UUID, its integer `ref`, or its own word (sku, code, slug, number). */
export const Ref = z
  .union([Text(120).min(1), z.int().min(1)], 'must be a text, or a whole number of at least 1')
  .transform(String);

const whole = (min: number, max: number, said = `must be a whole number from ${min} to ${max}`) =>
  z.int(said).min(min, said).max(max, said);

/** As many pieces as one line may be of. */
export const quantityMax = 1_000_000;

/** Whole pieces: 1 … 1,000,000. */
export const Quantity = whole(1, quantityMax);

/** By how many pieces a count was wrong: signed. */
export const Miscount = z
  .int()
  .min(-1_000_000)
  .max(1_000_000)
  .refine((pieces) => pieces !== 0, 'must not be 0');

/** How many pieces there shall be; 0 is none. */
export const Count = whole(0, quantityMax);

/** Pieces that can be sold: none, or as many as can be counted. */
export const Stock = whole(0, 2_147_483_647);

/** An amount in minor units: a safe integer that is not negative. */
export const Amount = whole(
  0,
  Number.MAX_SAFE_INTEGER,
  'must be a whole number of minor units, not negative',
);

/** An amount in minor units of at least one. */
export const PositiveAmount = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Why somebody did something. */
export const Reason = Text(500).min(1);

/** For commands that want a reason. */
export const explained = { reason: Reason.default('not given') };

/** The version that the caller believes is current; left out, the newest is meant. */
export const ExpectedVersion = z.int().min(1).optional();

/** One page of a list: `limit` rows after `cursor`. */
export const Page = {
  limit: z.int().min(1).max(100).default(20),
  cursor: z.string().max(1_000).optional(),
};
