import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { aGate } from './gate.ts';

it('lets in so many at once, and the next one when somebody has gone', () => {
  const gate = aGate(2);
  const [first, second] = [new EventEmitter(), new EventEmitter()];
  expect([gate(first), gate(second), gate(new EventEmitter())]).toEqual([true, true, false]);
  first.emit('close');
  first.emit('close');
  expect([gate(new EventEmitter()), gate(new EventEmitter())]).toEqual([true, false]);
});

it('forgets those who stay for long', () => {
  vi.useFakeTimers();
  const gate = aGate(1);
  const listener = new EventEmitter();
  expect([gate(listener), gate(new EventEmitter())]).toEqual([true, false]);
  vi.advanceTimersByTime(10_000);
  expect(gate(new EventEmitter())).toBe(true);
  listener.emit('close');
  expect(gate(new EventEmitter())).toBe(false);
  vi.useRealTimers();
});
