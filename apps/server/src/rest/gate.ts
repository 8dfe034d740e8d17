import type { EventEmitter } from 'node:events';

/** Asked by a request when it comes: whether it is let in, for as long as its answer is open. */
export type Gate = (answer: EventEmitter) => boolean;

// Four of the largest batches. More at once would only make each other late.
const atOnceMax = 256;
// Whoever is still here then waits for somebody outside, or listens to a stream, and is in nobody's way.
const youngMs = 2_000;

/** Lets in only so many at once: a quick 503 can be tried again, a late answer helps nobody. */
export function aGate({ most = atOnceMax, ms = youngMs } = {}): Gate {
  let within = 0;
  return (answer) => {
    if (within >= most) return false;
    within += 1;
    let inside = true;
    const leave = () => {
      clearTimeout(timer);
      if (inside) within -= 1;
      inside = false;
    };
    const timer = setTimeout(leave, ms).unref();
    answer.once('close', leave);
    return true;
  };
}
