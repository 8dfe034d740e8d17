import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { aGate } from './gate.ts';

it('lets in so many at once, and the next one when somebody has gone', () => {
  const gate = aGate({ most: 2 });
  const [first, second] = [new EventEmitter(), new EventEmitter()];
  expect([gate(first), gate(second), gate(new EventEmitter())]).toEqual([true, true, false]);
  first.emit('close');
  first.emit('close');
  expect([gate(new EventEmitter()), gate(new EventEmitter())]).toEqual([true, false]);
});

it('forgets those who stay for long', async () => {
  const gate = aGate({ most: 1, ms: 200 });
  const listener = new EventEmitter();
  expect([gate(listener), gate(new EventEmitter())]).toEqual([true, false]);
  const next = new EventEmitter();
  await expect.poll(() => gate(next), { timeout: 10_000 }).toBe(true);
});
