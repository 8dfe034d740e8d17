import { createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '@orderloom/core';

/** The headers of a signed message, as Standard Webhooks names them. */
export type Signed = { readonly id: string; readonly timestamp: string; readonly signature: string };

/** Why a signed message is not believed. */
export type NotBelieved = 'forged' | 'stale' | 'unsigned';

const toleranceSeconds = 300;

/** A secret may be written as `whsec_` and base64; any other text is taken as it is. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);

/** The `v1` signature of a message (Standard Webhooks): over its id, its time and its bytes. */
export function signatureOf(
  secret: string,
  { id, timestamp }: Pick<Signed, 'id' | 'timestamp'>,
  body: Buffer,
): string {
  const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body);
  return `v1,${hmac.digest('base64')}`;
}

type Message = { readonly body: Buffer; readonly nowMs: number };

/** Whether whoever knows the secret signed these bytes a moment ago; the signature is judged first. */
export function believed(
  secret: string,
  signed: Partial<Signed>,
  { body, nowMs }: Message,
): Result<Signed, NotBelieved> {
  const { id = '', timestamp = '', signature = '' } = signed;
  if (!/^[\w.-]{1,100}$/.test(id) || !/^\d{1,12}$/.test(timestamp) || signature === '')
    return err('unsigned');
  const right = Buffer.from(signatureOf(secret, { id, timestamp }, body));
  const matches = signature
    .split(' ', 10)
    .map((one) => Buffer.from(one))
    .filter((one) => one.length === right.length && timingSafeEqual(one, right));
  if (matches.length === 0) return err('forged');
  const age = Math.abs(nowMs / 1_000 - Number(timestamp));
  return age <= toleranceSeconds ? ok({ id, timestamp, signature }) : err('stale');
}
