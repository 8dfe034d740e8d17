import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import { aContext, anyHouse, anyLife, live } from '../testing.ts';
import { evolve } from './evolve.ts';
import { transitions } from './lifecycle.ts';
import { type Order, type OrderStatus, statuses } from './order.ts';
import { walk } from './walk.ts';

const given = fc.record({ plan: anyLife, house: anyHouse, to: fc.constantFrom(...statuses) });

/** The order at some moment of its life, and the walk from there. */
const walked = ({ plan, house, to }: typeof given extends fc.Arbitrary<infer T> ? T : never) => {
  const order = live(plan).at(-1)?.after;
  const context = { ...aContext({ house, policy: plan.policy }), reason: 'asked for' };
  return order && { order, answer: walk(order, to, context) };
};

/** The states that an order goes through, event by event. */
const path = (order: Order, events: Parameters<typeof evolve>[1][]): OrderStatus[] => {
  const states = [order.status];
  let next = order;
  for (const event of events) {
    next = evolve(next, event);
    if (next.status !== states.at(-1)) states.push(next.status);
  }
  return states;
};

describe('a walk', () => {
  it(
    'is a path of the table that ends where it should, and passes through no end',
    law(given, (life) => {
      const found = walked(life);
      if (!found?.answer.ok) return;
      const { events, commands } = found.answer.value;
      const states = path(found.order, [...events]);
      expect(states.at(-1)).toBe(life.to);
      const steps = states.slice(1).map((to, at) => ({ from: states[at], to, command: commands[at] }));
      expect(commands).toHaveLength(steps.length);
      for (const step of steps) expect(transitions).toContainEqual(expect.objectContaining(step));
      for (const status of states.slice(1, -1))
        expect(['CANCELLED', 'REFUNDED', 'CLOSED']).not.toContain(status);
    }),
  );

  it(
    'is one version (I-13)',
    law(given, (life) => {
      const found = walked(life);
      if (!found?.answer.ok) return;
      const { events } = found.answer.value;
      for (const event of events) expect(event.version).toBe(found.order.version + 1);
      expect(events.length === 0).toBe(found.order.status === life.to);
    }),
  );
});
