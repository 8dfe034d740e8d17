import { err, ok } from '@orderloom/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { believed, signatureOf } from './signature.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const sent = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330' };
const body = Buffer.from('{"test": 2432232314}');
const nowMs = 1_614_265_330_000;

test('the example of Standard Webhooks is believed', () => {
  const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
  expect(signatureOf(secret, sent, body)).toBe(signature);
  expect(believed(secret, { ...sent, signature }, { body, nowMs })).toEqual(ok({ ...sent, signature }));
  // While a secret is changed there are two signatures.
  const two = `v1,${'A'.repeat(43)}= ${signature}`;
  expect(believed(secret, { ...sent, signature: two }, { body, nowMs }).ok).toBe(true);
});

test('a message of five minutes and a second is stale, however right its signature is', () => {
  const signature = signatureOf(secret, sent, body);
  for (const late of [300_000, -300_000])
    expect(believed(secret, { ...sent, signature }, { body, nowMs: nowMs + late }).ok).toBe(true);
  for (const late of [301_000, -301_000])
    expect(believed(secret, { ...sent, signature }, { body, nowMs: nowMs + late })).toEqual(err('stale'));
});

test('no changed byte of the message, its id or its time is believed', () => {
  const signature = signatureOf(secret, sent, body);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: body.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ by;
      expect(believed(secret, { ...sent, signature }, { body: changed, nowMs })).toEqual(err('forged'));
    }),
    { numRuns: 1_000 },
  );
  const other = { ...sent, id: 'msg_2', signature };
  expect(believed(secret, other, { body, nowMs })).toEqual(err('forged'));
  expect(believed(secret, { ...sent, timestamp: '1614265331', signature }, { body, nowMs })).toEqual(
    err('forged'),
  );
  expect(believed('another secret', { ...sent, signature }, { body, nowMs })).toEqual(err('forged'));
  expect(believed(secret, sent, { body, nowMs })).toEqual(err('unsigned'));
});
