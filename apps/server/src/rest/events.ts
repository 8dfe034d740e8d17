import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@orderloom/core';
import type { Response } from 'express';
import { z } from 'zod';
import type { Refusal } from '../errors.ts';

// A stream ends after five minutes: whoever listens comes again by itself, and its token is checked anew.
const longestMs = 300_000;
const pingMs = 15_000;

/** Of an answer that is given at once. */
export const never: AbortSignal = new AbortController().signal;

/** When a stream is over: its caller has gone, or has listened for long enough. */
export function endOf(res: Response): AbortSignal {
  const leaving = new AbortController();
  res.once('close', () => leaving.abort());
  return AbortSignal.any([leaving.signal, AbortSignal.timeout(longestMs)]);
}

/** The number in `Last-Event-ID`. */
export function eventIn(header: string | undefined): Result<number | undefined, Refusal> {
  if (header === undefined || header.trim() === '') return ok(undefined);
  if (/^\s*\d{1,15}\s*$/.test(header)) return ok(Number(header));
  const issues = [{ path: 'Last-Event-ID', message: 'must be the id of an event of this stream' }];
  return err({ code: 'INVALID_INPUT', issues });
}

const SentEvent = z.object({ id: z.string(), event: z.string(), data: z.unknown() });

/** Events as they are sent; a comment now and then keeps the line open and finds out who has gone. */
export async function* eventTexts(
  items: AsyncIterable<unknown>,
  check: (data: unknown) => void,
): AsyncIterable<string> {
  yield 'retry: 3000\n\n';
  const coming = items[Symbol.asyncIterator]();
  try {
    for (let next = coming.next(); ;) {
      const found = await Promise.race([next, sleep(pingMs, null, { ref: false })]);
      if (found === null) {
        yield ': ping\n\n';
        continue;
      }
      if (found.done) return;
      const { id, event, data } = SentEvent.parse(found.value);
      check(data);
      yield `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      next = coming.next();
    }
  } catch (thrown) {
    // The server stops, or the time is over: whoever listens comes again.
    if (!(thrown instanceof Error) || !/^(?:Abort|Timeout)Error$/.test(thrown.name)) throw thrown;
  } finally {
    void coming.return?.();
  }
}
