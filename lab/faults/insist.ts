import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '../../apps/server/src/demo/chance.ts';
import { type Answer, type Asked, ask, headerOf } from '../http.ts';
import type { Op, Try } from './history.ts';

/** Where clients send, how they are known there, and when they lose patience. */
export type Place = {
  readonly urls: () => readonly [string, ...string[]];
  readonly token: string;
  readonly luck: Chance;
  /** Milliseconds since the run began. */
  readonly clock: () => number;
  readonly giveUpMs: number;
};
export type Command = Pick<Asked, 'method' | 'path' | 'body' | 'headers'>;

const patienceMs = 5_000;

/** Sends a command with its key until it is known what became of it; the answer that told. */
export async function insist(place: Place, op: Op, command: Command): Promise<Answer | null> {
  const { luck, clock, giveUpMs } = place;
  for (const end = clock() + giveUpMs; clock() < end;) {
    // Some hang up early, and some send everything twice: both happen in the best of networks.
    const timeoutMs = luck.percent(8) ? luck.between(3, 60) : patienceMs;
    const copies = Array.from({ length: luck.percent(5) ? 2 : 1 }, () =>
      once(place, op, { command, timeoutMs }),
    );
    const answers = await Promise.all(copies);
    const told = answers.find((answer) => answer !== null && isFinal(answer));
    if (told) return settled(op, told);
    await sleep(luck.between(30, 250));
  }
  return null;
}

type Trying = { readonly command: Command; readonly timeoutMs: number };

/** One request, written down. */
export async function once(
  { urls, token, luck, clock }: Place,
  op: Op,
  { command, timeoutMs }: Trying,
): Promise<Answer | null> {
  const at = clock();
  const headers = { ...command.headers, 'idempotency-key': op.key };
  const answer = await ask(luck.pick(urls()), { ...command, token, headers, timeoutMs });
  const tried: Try = {
    at: Math.round(at),
    ms: Math.round(clock() - at),
    answer: answer?.status ?? 'lost',
    body: answer ? wordsOf(answer) : '',
  };
  op.tries.push(tried);
  return answer;
}

/** What is compared of a good answer, and what is read of a bad one. */
const wordsOf = ({ status, text }: Answer): string =>
  status < 300 ? createHash('sha256').update(text).digest('base64url').slice(0, 16) : text.slice(0, 400);

/** A 503 and a key that somebody is at work on say to come again; so does any other fault of the server. */
export const isFinal = ({ status, text }: Answer): boolean =>
  status < 500 && status !== 429 && !(status === 409 && text.includes('idempotency_in_progress'));

export function settled(op: Op, answer: Answer): Answer {
  op.outcome = answer.status < 300 ? 'ok' : 'fail';
  if (op.outcome === 'fail') return answer;
  const version = Number(headerOf(answer, 'etag')?.replaceAll('"', ''));
  op.to = Number.isSafeInteger(version) ? version : null;
  if (op.kind === 'place') op.order = idIn(answer.text);
  return answer;
}

export function idIn(text: string): string | null {
  const said: unknown = JSON.parse(text);
  return typeof said === 'object' && said !== null && 'id' in said ? String(said.id) : null;
}
