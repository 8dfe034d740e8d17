import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signatureOf } from '../signature.ts';
import type { Statement } from './charges.ts';

/** Where statements are told, and with which secret they are signed. */
export type Listener = { readonly url: string; readonly secret: string };

type Around = { readonly newId: () => string; readonly nowMs: () => number };

const limits = { tries: 6, backoffMs: 500, outOfOrderMs: 400, twiceInTen: 3 };

/** Tells a statement as a signed message: late, sometimes twice, in any order, as gateways do. */
export async function tell(listener: Listener, statement: Statement, around: Around): Promise<void> {
  const body = Buffer.from(JSON.stringify({ type: 'charge.updated', data: statement }));
  const id = `msg_${around.newId()}`;
  const times = randomInt(10) < limits.twiceInTen ? 2 : 1;
  const once = async () => {
    await sleep(randomInt(limits.outOfOrderMs));
    for (let tried = 0; tried < limits.tries; tried += 1) {
      if (await isTaken(listener, { id, body, timestamp: String(Math.floor(around.nowMs() / 1_000)) }))
        return;
      await sleep(limits.backoffMs * 2 ** tried);
    }
  };
  await Promise.all(Array.from({ length: times }, once));
}

type Message = { readonly id: string; readonly timestamp: string; readonly body: Buffer<ArrayBuffer> };

async function isTaken({ url, secret }: Listener, { id, timestamp, body }: Message): Promise<boolean> {
  try {
    const headers = {
      'Content-Type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatureOf(secret, { id, timestamp }, body),
    };
    const signal = AbortSignal.timeout(5_000);
    const answer = await fetch(url, { method: 'POST', headers, body, signal });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
