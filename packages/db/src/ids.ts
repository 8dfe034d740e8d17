import { randomFillSync } from 'node:crypto';

const counterMax = 0xfff;
// Enough chance for 128 ids at a time: asking the system for each would cost more than the rest.
const pool = Buffer.alloc(1024);
let unused = pool.length;
let millisecond = 0;
let counter = 0;

function chance(): Buffer {
  if (unused === pool.length) {
    randomFillSync(pool);
    unused = 0;
  }
  unused += 8;
  return pool.subarray(unused - 8, unused);
}

/**
 * A new UUIDv7 (RFC 9562, method 1): milliseconds, a counter of 12 bits, 62 bits of chance. Ids of one process
 * strictly increase, also when its clock steps back or a millisecond gives more than the counter holds.
 */
export function newId(): string {
  const bytes = chance();
  const now = Date.now();
  if (now > millisecond) {
    millisecond = now;
    counter = bytes.readUInt16BE(0) & 0x7ff; // The upper half of the counter is left for this millisecond.
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
}
