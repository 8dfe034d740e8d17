import { describe, expect, it } from 'vitest';
import { law } from '../../test/law.ts';
import { anOrder, anyLife, live } from '../testing.ts';
import { changedSince } from './changed.ts';
import type { OrderEvent } from './events.ts';
import type { Order } from './order.ts';

const told = (happened: readonly OrderEvent[]) => (version: number) => changedSince(happened, version);
const at = '2026-11-21T09:00:00.000Z';

describe('what has changed since a version', () => {
  const since = told([
    { type: 'order.placed', order: anOrder({ notes: null }), version: 1, at },
    { type: 'order.described', details: { notes: 'gift' }, version: 2, at },
    { type: 'order.confirmed', version: 3, at },
    { type: 'order.described', details: { notes: null }, version: 4, at },
  ]);

  it('names the fields that differ, and neither the version nor its time', () => {
    expect(since(2)).toEqual(['confirmedAt', 'notes', 'status']);
    expect(since(3)).toEqual(['notes']);
  });

  it('does not name what became what it was', () => {
    expect(since(1)).toEqual(['confirmedAt', 'status']);
  });

  it('is nothing since the version of today, one that is yet to come, or one that never was', () => {
    expect([4, 5, 0].map(since)).toEqual([[], [], []]);
  });

  it(
    'is what differs between the two orders, whatever their life',
    law(anyLife, (plan) => {
      const steps = live(plan);
      const events = steps.flatMap((step) => step.events);
      const last = steps.at(-1)?.after;
      const text = (order: Order | undefined, field: string) =>
        JSON.stringify(Reflect.get(order ?? {}, field));
      for (const { after } of steps) {
        const differing = Object.keys(after).filter((field) => text(after, field) !== text(last, field));
        const always = ['version', 'updatedAt'];
        expect(changedSince(events, after.version)).toEqual(
          differing.filter((field) => !always.includes(field)).toSorted(),
        );
      }
    }),
  );
});
