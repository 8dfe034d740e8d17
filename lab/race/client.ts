import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Chance } from '../../apps/server/src/demo/chance.ts';
import { type Answer, ask, headerOf } from '../http.ts';

/**
 * What came of a request: done, refused (and nothing has happened), or nobody knows, because the answer was
 * lost or the server failed: it may or may not have happened.
 */
export type Outcome = 'ok' | 'refused' | 'unknown';
export type Told = {
  readonly outcome: Outcome;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly text: string;
  /** The version in `ETag`. */
  readonly version: number | null;
  readonly replayed: boolean;
};
export type Command = {
  readonly method?: string;
  readonly body?: unknown;
  /** `Idempotency-Key`; given for what writes unless there is one. */
  readonly key?: string | undefined;
  /** The version that is named in `If-Match`. */
  readonly ifMatch?: number | undefined;
};

/** One try as it went. */
export type Try = Told & {
  readonly at: string;
  readonly ms: number;
  readonly who: string;
  readonly server: string;
  readonly method: string;
  readonly path: string;
} & Pick<Command, 'body' | 'key' | 'ifMatch'>;

/** Somebody with a token who speaks to every server of an installation, until it is known what came of it. */
export type Client = {
  readonly tell: (path: string, command?: Command) => Promise<Told>;
  /** The same for what must go well. */
  readonly made: <T>(shape: z.ZodType<T>, path: string, command?: Command) => Promise<T>;
  /** A key that nobody else uses. */
  readonly key: () => string;
};
export type ClientOptions = {
  readonly who: string;
  readonly urls: readonly [string, ...string[]];
  readonly token: string;
  readonly luck: Chance;
  /** Where every try is written down. */
  readonly history: Try[];
};

// A server that is busy has time later, and lets go of a key after half a minute at the most; one that failed
// at a request fails at it again.
const limits = { patienceMs: 45_000, triesMaxOfFaults: 3, timeoutMs: 10_000 };

export function aClient(options: ClientOptions): Client {
  const { luck } = options;
  const run = luck.between(0, 1e9).toString(36) + Date.now().toString(36);
  let keys = 0;
  const key = () => `lab-${run}-${(keys += 1)}`;
  const tell = async (path: string, { method, body, ...command }: Command = {}): Promise<Told> => {
    const how = method ?? (body === undefined ? 'GET' : 'POST');
    const sent = { ...command, method: how, body, key: command.key ?? (how === 'GET' ? undefined : key()) };
    for (let n = 1, end = performance.now() + limits.patienceMs; ; n += 1) {
      const told = await tried(options, path, sent);
      // Nothing is raced by what nobody may do, or what nobody understands.
      if ([401, 405, 415].includes(told.status))
        throw new Error(`${how} ${path}: ${told.status} ${told.text}`);
      const isOver = performance.now() > end || (told.status === 500 && n === limits.triesMaxOfFaults);
      if (isOver || !mayChange(told)) return told;
      await sleep(luck.between(20, 200 * Math.min(n, 8)));
    }
  };
  const made = async <T>(shape: z.ZodType<T>, path: string, command: Command = {}): Promise<T> => {
    const { outcome, status, text } = await tell(path, command);
    if (outcome !== 'ok') throw new Error(`${path} was answered ${status} ${text}`);
    return shape.parse(JSON.parse(text));
  };
  return { tell, made, key };
}

type Sent = Omit<Command, 'method'> & { readonly method: string };

async function tried(
  { who, urls, token, luck, history }: ClientOptions,
  path: string,
  sent: Sent,
): Promise<Told> {
  const { method, body, key, ifMatch } = sent;
  const headers = {
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
  };
  const server = luck.pick(urls);
  const [at, from] = [new Date().toISOString(), performance.now()];
  const told = toldBy(await ask(server, { method, path, token, body, headers, timeoutMs: limits.timeoutMs }));
  const ms = Math.round(performance.now() - from);
  history.push({ at, ms, who, server, ...sent, path, ...told, text: told.text.slice(0, 500) });
  return told;
}

function toldBy(answer: Answer | null): Told {
  if (!answer) return { outcome: 'unknown', status: 0, text: '', version: null, replayed: false };
  const { status, text } = answer;
  const open = status >= 500 || isAtWork({ status, text });
  const outcome = open ? 'unknown' : status < 400 ? 'ok' : 'refused';
  const tag = /^"(\d+)"$/.exec(headerOf(answer, 'etag') ?? '')?.[1];
  const replayed = headerOf(answer, 'idempotent-replayed') === 'true';
  return { outcome, status, text, version: tag === undefined ? null : Number(tag), replayed };
}

/** The same request is being carried out. */
const isAtWork = ({ status, text }: Pick<Told, 'status' | 'text'>): boolean =>
  status === 409 && text.includes('idempotency_in_progress');

/** Whether the same request, sent again with its key, may be answered otherwise. */
const mayChange = ({ outcome, status }: Told): boolean => outcome === 'unknown' || status === 429;
