import { describe, expect, it } from 'vitest';
import { memoryCache } from './cache.ts';

const clock = () => {
  let ms = 0;
  return { now: () => ms, pass: (seconds: number) => (ms += seconds * 1_000) };
};

describe('the cache in the process', () => {
  it('gives back what was kept, until its time is over', async () => {
    const { now, pass } = clock();
    const cache = memoryCache(100, now);
    await cache.set('a', 'one', 300);
    pass(299);
    expect(await cache.get('a')).toBe('one');
    pass(1);
    expect(await cache.get('a')).toBeUndefined();
  });

  it('forgets what it is told to forget', async () => {
    const cache = memoryCache(100);
    await cache.set('a', 'one', 300);
    await cache.delete('a');
    await cache.delete('never there');
    expect(await cache.get('a')).toBeUndefined();
  });

  it('when it is full lets go of what nobody asked for longest', async () => {
    const cache = memoryCache(12);
    for (const key of ['a', 'b', 'c']) await cache.set(key, '123', 300);
    await cache.get('a');
    await cache.set('d', '123', 300);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(cache.get))).toEqual(['123', undefined, '123', '123']);
  });

  it('counts a key that is kept again only once, and one that is gone not at all', async () => {
    const { now, pass } = clock();
    const cache = memoryCache(8, now);
    for (let again = 0; again < 5; again += 1) await cache.set('a', '123', 1);
    await cache.set('b', '123', 10);
    expect(await cache.get('a')).toBe('123');
    pass(1);
    expect(await cache.get('a')).toBeUndefined();
    await cache.set('c', '123', 10);
    expect([await cache.get('b'), await cache.get('c')]).toEqual(['123', '123']);
  });
});
