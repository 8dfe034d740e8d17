import { describe, expect, it } from 'vitest';
import { nextOf } from './batches.ts';

type Waiter = { readonly name: string; readonly wish: { readonly ctx: { readonly once: Keyed | null } } };
type Keyed = { readonly principalId: string; readonly route: string; readonly key: string };

const wish = (name: string, once: Keyed | null = null): Waiter => ({ name, wish: { ctx: { once } } });
const keyed = (name: string, key: string, but: Partial<Keyed> = {}): Waiter =>
  wish(name, { principalId: 'p', route: 'r', key, ...but });
const namesOf = (waiters: readonly Waiter[]) => waiters.map(({ name }) => name);

/** The batches that a queue makes, one after the other. */
function batchesOf(waiting: Waiter[]): string[][] {
  const batches: string[][] = [];
  while (waiting.length > 0) batches.push(namesOf(nextOf(waiting)));
  return batches;
}

describe('the next batch of a queue', () => {
  it('is everybody who waits, in their order, up to 64', () => {
    const all = Array.from({ length: 130 }, (_, at) => wish(String(at)));
    const names = namesOf(all);
    expect(batchesOf(all)).toEqual([names.slice(0, 64), names.slice(64, 128), names.slice(128)]);
  });

  it('has no key twice: the second one goes with the batch after', () => {
    const waiting = [keyed('a', 'k'), keyed('b', 'k'), wish('c'), keyed('d', 'other'), keyed('e', 'k')];
    expect(batchesOf(waiting)).toEqual([['a', 'c', 'd'], ['b'], ['e']]);
  });

  it('knows a key of another caller or of another call as another key', () => {
    const waiting = [
      keyed('a', 'k'),
      keyed('b', 'k', { principalId: 'q' }),
      keyed('c', 'k', { route: 's' }),
      keyed('d', 'r', { route: 'k' }),
    ];
    expect(batchesOf(waiting)).toEqual([['a', 'b', 'c', 'd']]);
  });

  it('leaves nobody behind: whoever waits longest goes next, whatever comes after', () => {
    const waiting = [keyed('first', 'k'), keyed('second', 'k')];
    nextOf(waiting);
    waiting.push(...Array.from({ length: 200 }, (_, at) => keyed(String(at), 'k')));
    waiting.push(...Array.from({ length: 200 }, (_, at) => wish(`x${at}`)));
    expect(namesOf(nextOf(waiting)).slice(0, 2)).toEqual(['second', 'x0']);
    expect(namesOf(nextOf(waiting))[0]).toBe('0');
  });

  it('is empty when nobody waits', () => {
    expect(nextOf([])).toEqual([]);
  });
});
