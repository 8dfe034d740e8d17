import { createHash } from 'node:crypto';
import { dataEpoch, type EntityManager } from '@orderloom/db';
import type { z } from 'zod';
import type { Cache } from './cache.ts';
import { countKept } from './metrics.ts';
import type { Acting } from './trpc.ts';

/** An answer that may be kept: what is asked, and for how long at most. */
export type Keeping<T> = {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly query: unknown;
  /** What is found must be this; anything else is worked out again. */
  readonly shape: z.ZodType<T>;
};

type Reader = Pick<Acting, 'caller' | 'reach' | 'origin' | 'parts' | 'read'>;

/**
 * The answer of `work`, or the one that was kept since. The epoch of the data is part of the key: after a
 * write nobody finds what was kept before it, whichever server wrote and whichever keeps. Callers who ask the
 * same while it is worked out wait for the one answer.
 */
export async function cached<T>(
  ctx: Reader,
  keeping: Keeping<T>,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  const { cache } = ctx.parts;
  if (keeping.ttlSeconds === 0) return ctx.read(work);
  const key = keyOf(ctx, keeping, await ctx.read((em) => epochFor(em, ctx)));
  const kept = parsed(await cache.get(key), keeping.shape);
  if (kept !== undefined) {
    countKept(keeping.name, 'found');
    return kept.value;
  }
  const outcome = await shared(cache, key, async () => {
    countKept(keeping.name, 'worked out');
    // Kept under the epoch of the very snapshot that it was read from.
    const fresh = await ctx.read(async (em) => ({ epoch: await epochFor(em, ctx), value: await work(em) }));
    const text = JSON.stringify(fresh.value);
    // Nobody waits until it is kept: a server that keeps nothing answers as well.
    void cache.set(keyOf(ctx, keeping, fresh.epoch), text, keeping.ttlSeconds);
    return text;
  });
  return keeping.shape.parse(JSON.parse(outcome));
}

/** A caller who sees only what is theirs does not care what others write. */
const epochFor = (em: EntityManager, { caller, reach }: Reader): Promise<string> =>
  dataEpoch(em, caller.tenantId, reach === 'own' ? caller.customerId : null);

/** The tenant first, then whose answer it is: nothing is ever shared between two principals. */
function keyOf({ caller, reach, origin }: Reader, { name, query }: Keeping<unknown>, epoch: string): string {
  const who = `${caller.principalId ?? 'service'} ${reach} ${caller.customerId ?? '-'}`;
  const asked = createHash('sha256')
    .update(JSON.stringify([origin, name, query]))
    .digest('base64url');
  return `orderloom ${caller.tenantId} ${who} ${name} ${asked} ${epoch}`;
}

function parsed<T>(text: string | undefined, shape: z.ZodType<T>): { readonly value: T } | undefined {
  if (text === undefined) return undefined;
  try {
    const found = shape.safeParse(JSON.parse(text));
    return found.success ? { value: found.data } : undefined;
  } catch {
    return undefined;
  }
}

const underway = new WeakMap<Cache, Map<string, Promise<string>>>();

/** One caller works, the others of this process who ask for the same wait for it. */
function shared(cache: Cache, key: string, work: () => Promise<string>): Promise<string> {
  const all = underway.get(cache) ?? new Map<string, Promise<string>>();
  underway.set(cache, all);
  const running = all.get(key) ?? work().finally(() => all.delete(key));
  all.set(key, running);
  return running;
}
