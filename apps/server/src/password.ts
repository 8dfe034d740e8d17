import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { err, ok, type Result } from '@orderloom/core';
import { isCommonPassword } from './common-passwords.ts';
import type { Refusal } from './errors.ts';

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

type Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number };
const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const [saltBytes, hashBytes] = [16, 32];

/** Each hash takes a processor for tens of milliseconds: two at a time, and a queue that has an end. */
const limits = { runningMax: 2, waitingMax: 30 };
let running = 0;
const waiting: (() => void)[] = [];

type Busy = Extract<Refusal, { code: 'BUSY' }>;

async function inTurn<T>(work: () => Promise<T>): Promise<Result<T, Busy>> {
  if (running >= limits.runningMax) {
    if (waiting.length >= limits.waitingMax) return err({ code: 'BUSY', retryAfterSeconds: 2 });
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return ok(await work());
  } finally {
    // The place goes to the next one in the queue, or is free.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** The password as a PHC string, the form in which it is stored. */
export function hashPassword(password: string): Promise<Result<string, Busy>> {
  return inTurn(async () => {
    const salt = randomBytes(saltBytes);
    const hash = await derive('argon2id', { ...cost, message: password, nonce: salt, tagLength: hashBytes });
    return phc(salt, hash);
  });
}

/** The hash of a password that somebody chooses, unless it is one that everybody would try first. */
export function hashNewPassword(password: string, path: string): Promise<Result<string, Refusal>> {
  if (!isCommonPassword(password)) return hashPassword(password);
  const message = 'is one of the passwords that are tried first';
  return Promise.resolve(err({ code: 'INVALID_INPUT', issues: [{ path, message }] }));
}

const phc = (salt: Buffer, hash: Buffer): string =>
  `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$` +
  `${unpadded(salt)}$${unpadded(hash)}`;
const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** Nobody's password: an unknown user costs as much time as a known one. */
const nobody = phc(Buffer.alloc(saltBytes), Buffer.alloc(hashBytes));

/** Whether the password is the one that was stored; without a stored one it never is, after the same work. */
export function verifyPassword(stored: string | null, password: string): Promise<Result<boolean, Busy>> {
  return inTurn(async () => {
    const { salt, hash, ...stretched } = parsePhc(stored ?? nobody);
    const parameters = { ...stretched, message: password, nonce: salt, tagLength: hash.length };
    const same = timingSafeEqual(await derive('argon2id', parameters), hash);
    return same && stored !== null;
  });
}

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/;

function parsePhc(stored: string): Cost & { readonly salt: Buffer; readonly hash: Buffer } {
  const [, memory, passes, parallelism, salt = '', hash = ''] = form.exec(stored) ?? [];
  if (hash === '') throw new RangeError('a stored password is not an argon2id PHC string');
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}
