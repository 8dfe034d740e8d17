import { describe, expect, it } from 'vitest';
import { unanswered, violations } from './checkers.ts';
import type { Books, History, Op, Stored, Try } from './history.ts';

const aTry = (but: Partial<Try> = {}): Try => ({ at: 0, ms: 1, answer: 201, body: 'a', ...but });
const anOp = (but: Partial<Op> = {}): Op => ({
  kind: 'place',
  key: 'k1',
  order: 'o1',
  from: null,
  to: 1,
  outcome: 'ok',
  tries: [aTry()],
  ...but,
});
const anEdit = (key: string, from: number, but: Partial<Op> = {}): Op =>
  anOp({ kind: 'edit', key, from, to: from + 1, tries: [aTry({ answer: 200 })], ...but });
const even: Books = { at: 1, sum: 0, uneven: 0, strayed: 0, overdrawn: 0 };

const good: History = {
  ops: [anOp(), anEdit('k2', 1), anEdit('k3', 2), anEdit('k4', 2, { outcome: 'fail', to: null })],
  books: [even],
  pages: [
    { after: 0, seqs: [1, 2] },
    { after: 2, seqs: [3] },
  ],
};
const stored: Stored = {
  orders: [{ id: 'o1', version: 3 }],
  feed: [1, 2, 3].map((n) => ({ seq: n, order: 'o1', version: n })),
};
const promises = (history: Partial<History>, end: Partial<Stored> = {}) =>
  [
    ...new Set(violations({ ...good, ...history }, { ...stored, ...end }).map(({ promise }) => promise)),
  ].sort();

describe('a history', () => {
  it('that keeps every promise has no violation', () => {
    expect(violations(good, stored)).toEqual([]);
  });

  it('may leave open whether something that is unknown has happened', () => {
    const maybe = anOp({
      key: 'k9',
      order: null,
      to: null,
      outcome: 'unknown',
      tries: [aTry({ answer: 'lost' })],
    });
    const orders = [...stored.orders, { id: 'o2', version: 1 }];
    expect(promises({ ops: [...good.ops, maybe] }, { orders })).toEqual([]);
    const change = anEdit('k8', 3, { outcome: 'unknown', to: null });
    for (const version of [3, 4])
      expect(promises({ ops: [...good.ops, change] }, { orders: [{ id: 'o1', version }] })).toEqual([]);
  });

  it('that ends with something unknown left somebody without an answer', () => {
    expect(unanswered(good.ops)).toEqual([]);
    expect(unanswered([...good.ops, anOp({ key: 'k9', outcome: 'unknown' })])).toMatchObject([
      { subject: 'k9' },
    ]);
  });

  it.each<[string, Partial<History>, Partial<Stored>, string[]]>([
    ['an order that is gone', {}, { orders: [] }, ['nothing acknowledged is lost']],
    [
      'an order that nobody knows of',
      {},
      { orders: [...stored.orders, { id: 'o2', version: 1 }] },
      ['a key has one effect'],
    ],
    [
      'a key with two answers',
      { ops: [anOp({ tries: [aTry(), aTry({ body: 'b' })] }), ...good.ops.slice(1)] },
      {},
      ['a key has one answer'],
    ],
    [
      'two changes of one version',
      { ops: [...good.ops, anEdit('k5', 2)] },
      { orders: [{ id: 'o1', version: 4 }] },
      ['versions never fork'],
    ],
    ['a change that was overwritten', {}, { orders: [{ id: 'o1', version: 2 }] }, ['no change is lost']],
    ['a version from nowhere', {}, { orders: [{ id: 'o1', version: 4 }] }, ['no change is lost']],
    [
      'a change of another version than the one that was known',
      { ops: [anOp(), anEdit('k2', 1), anEdit('k3', 1, { to: 3 })] },
      {},
      ['versions never fork'],
    ],
    [
      'books that do not add up',
      { books: [{ ...even, sum: 5 }] },
      {},
      ['money is conserved in every snapshot'],
    ],
    [
      'an account that strayed',
      { books: [{ ...even, strayed: 1 }] },
      {},
      ['money is conserved in every snapshot'],
    ],
    [
      'a number that a reader never got',
      { pages: [{ after: 0, seqs: [1, 3] }] },
      {},
      ['the feed has no gaps'],
    ],
    [
      'an event that is never told',
      {},
      { feed: [...stored.feed, { seq: null, order: 'o1', version: 4 }] },
      ['the feed tells everything in its order'],
    ],
    [
      'a gap in the feed',
      {},
      { feed: stored.feed.filter(({ seq }) => seq !== 2) },
      ['the feed tells everything in its order'],
    ],
    [
      'an order told backwards',
      {},
      { feed: [3, 2, 1].map((version, at) => ({ seq: at + 1, order: 'o1', version })) },
      ['the feed tells everything in its order'],
    ],
    [
      'trouble that is told as a fault of ours',
      { ops: [anOp({ tries: [aTry({ answer: 500 }), aTry()] }), ...good.ops.slice(1)] },
      {},
      ['trouble is a 503'],
    ],
  ])('with %s is found out', (...[, history, end, found]) => {
    expect(promises(history, end)).toEqual(found);
  });
});
