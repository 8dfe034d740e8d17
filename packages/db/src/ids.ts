import { randomFillSync } from 'node:crypto';

const counterMax = 0xfff;
// Enough chance for 128 ids at a time: asking the system for each would cost more than the rest.
const pool = Buffer.alloc(1024);
let unused = pool.length;

function chance(): Buffer {
  if (unused === pool.length) {
    randomFillSync(pool);
    unused = 0;
  }
  unused += 8;
  return pool.subarray(unused - 8, unused);
}

/**
 * Where ids come from, by the clock given: UUIDv7 (RFC 9562, method 1) of milliseconds, a counter of 12
 * bits and 62 bits of chance. They strictly increase, also when the clock steps back or a millisecond
 * gives more than the counter holds.
 */
export function idsBy(clock: () => number): () => string {
  let millisecond = 0;
  let counter = 0;
  return () => {
    const bytes = chance();
    const now = clock();
    if (now > millisecond) {
      millisecond = now;
      counter = bytes.readUInt16BE(0) & 0x7ff; // The upper half is left for the rest of the millisecond.
    } else if (counter === counterMax) {
      millisecond += 1;
      counter = 0;
    } else {
      counter += 1;
    }
    const time = millisecond.toString(16).padStart(12, '0');
    const rest = bytes.toString('hex');
    const variant = (8 | ((bytes[2] ?? 0) & 3)).toString(16);
    const sequence = counter.toString(16).padStart(3, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${variant}${rest.slice(0, 3)}-${rest.slice(4)}`;
  };
}

/** A new id. Those of one process strictly increase. */
export const newId = idsBy(Date.now);
