import { createHash, randomBytes } from 'node:crypto';
import type { Config } from './config.ts';

export type MintedToken = {
  /** What leak scanners look for, and enough to tell one token from another. */
  readonly prefix: string;
  /** Shown to its owner once and stored nowhere. */
  readonly token: string;
  readonly hash: string;
};

/** A new API token with 256 bits of chance; outside production it says that it is for tests. */
export function mintToken({ mode }: Pick<Config, 'mode'>): MintedToken {
  const kind = mode === 'production' ? 'live' : 'test';
  const prefix = `olm_${kind}_${randomBytes(6).toString('hex')}`;
  const token = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { prefix, token, hash: hashOf(token) };
}

/**
 * Tokens are found by the hash of all that was presented: a plain hash is enough for what cannot be
 * guessed.
 */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
