import type { Books, FeedEntry, History, Op, Page, Stored, Violation } from './history.ts';

/** Everything that contradicts a promise. An operation that is still unknown may have happened or not. */
export const violations = ({ ops, books, pages }: History, stored: Stored): Violation[] => [
  ...lost(ops, stored),
  ...twice(ops, stored),
  ...changedTheirMind(ops),
  ...forks(ops),
  ...chains(ops, stored),
  ...unbalanced(books),
  ...skipped(pages),
  ...feedOf(stored.feed),
  ...broken(ops),
];

const done = (ops: readonly Op[]) => ops.filter(({ outcome }) => outcome === 'ok');
const placed = (ops: readonly Op[]) => done(ops).filter(({ kind }) => kind === 'place');

/** No order that was acknowledged is missing. */
export function lost(ops: readonly Op[], { orders }: Pick<Stored, 'orders'>): Violation[] {
  const kept = new Set(orders.map(({ id }) => id));
  return placed(ops)
    .filter(({ order }) => order === null || !kept.has(order))
    .map(({ key, order }) => ({
      promise: 'nothing acknowledged is lost',
      subject: key,
      why: `order ${order} was acknowledged and is not stored`,
    }));
}

/** A key has one effect: no order is stored that no answer speaks of. */
export function twice(ops: readonly Op[], { orders }: Pick<Stored, 'orders'>): Violation[] {
  const known = new Set(placed(ops).map(({ order }) => order));
  const strangers = orders.filter(({ id }) => !known.has(id));
  const unknown = ops.filter(({ kind, outcome }) => kind === 'place' && outcome === 'unknown').length;
  if (strangers.length <= unknown) return [];
  return strangers.map(({ id }) => ({
    promise: 'a key has one effect',
    subject: id,
    why: `the order is stored and no answer speaks of it; ${unknown} placings are unknown`,
  }));
}

/** A key that is answered again gets the same answer. */
const changedTheirMind = (ops: readonly Op[]): Violation[] =>
  ops.flatMap(({ key, tries }) => {
    const good = tries.filter(({ answer }) => answer !== 'lost' && answer < 300);
    const answers = new Set(good.map(({ answer, body }) => `${answer} ${body}`));
    return answers.size < 2
      ? []
      : [{ promise: 'a key has one answer', subject: key, why: [...answers].join(' | ').slice(0, 600) }];
  });

/** No two commands that were acknowledged made the same version of an order; each built on what it knew. */
export function forks(ops: readonly Op[]): Violation[] {
  const promise = 'versions never fork';
  const seen = new Map<string, Op>();
  return done(ops).flatMap((op) => {
    const found: Violation[] = [];
    if (op.from !== null && op.to !== op.from + 1)
      found.push({ promise, subject: op.key, why: `${op.order} went from ${op.from} to ${op.to}` });
    const version = `${op.order} ${op.to}`;
    const other = seen.get(version);
    if (other) found.push({ promise, subject: op.key, why: `${version} was made by ${other.key} too` });
    seen.set(version, op);
    return found;
  });
}

/** The last version of an order counts the commands that were acknowledged. */
function chains(ops: readonly Op[], { orders }: Pick<Stored, 'orders'>): Violation[] {
  const byOrder = Map.groupBy(ops, ({ order }) => order);
  return orders.flatMap(({ id, version, byOthers = false }) => {
    const own = byOrder.get(id);
    if (!own) return [];
    const least = done(own).length;
    const most = byOthers ? Infinity : least + own.filter(({ outcome }) => outcome === 'unknown').length;
    return version >= least && version <= most
      ? []
      : [
          {
            promise: 'no change is lost',
            subject: id,
            why: `version ${version}, but ${least} to ${most} commands were carried out`,
          },
        ];
  });
}

/** The books add up in every single state of the database. */
const unbalanced = (books: readonly Books[]): Violation[] =>
  books
    .filter(({ sum, uneven, strayed, overdrawn }) => [sum, uneven, strayed, overdrawn].some((n) => n !== 0))
    .map((found) => ({
      promise: 'money is conserved in every snapshot',
      subject: `at ${found.at} ms`,
      why: JSON.stringify(found),
    }));

/** Whoever reads on from the last number never misses one. */
export const skipped = (pages: readonly Page[]): Violation[] =>
  pages
    .filter(({ after, seqs }) => seqs.some((seq, at) => seq !== after + at + 1))
    .map(({ after, seqs }) => ({
      promise: 'the feed has no gaps',
      subject: `after ${after}`,
      why: `came ${seqs.slice(0, 20).join(', ')}`,
    }));

/** Every event is published, 1 to n, those of an order in the order of its versions. */
export function feedOf(feed: readonly FeedEntry[]): Violation[] {
  const promise = 'the feed tells everything in its order';
  const missing = feed.filter(({ seq }) => seq === null);
  const told = feed.flatMap((entry) => (entry.seq === null ? [] : [{ ...entry, seq: entry.seq }]));
  told.sort((a, b) => a.seq - b.seq);
  const gap = told.findIndex(({ seq }, at) => seq !== at + 1);
  const last = new Map<string, number>();
  const turned = told.filter(({ order, version }) => {
    if (order === null || version === null) return false;
    const before = last.get(order) ?? 0;
    last.set(order, version);
    return version < before;
  });
  return [
    ...missing.slice(0, 5).map(({ order }) => ({ promise, subject: String(order), why: 'is never told' })),
    ...(gap < 0 ? [] : [{ promise, subject: `number ${gap + 1}`, why: `is ${told[gap]?.seq}` }]),
    ...turned.slice(0, 5).map(({ order, seq }) => ({ promise, subject: `${order}`, why: `turns at ${seq}` })),
  ];
}

/** Whoever insists is told in the end what became of it; to be asked when all trouble is over. */
export const unanswered = (ops: readonly Op[]): Violation[] =>
  ops
    .filter(({ outcome }) => outcome === 'unknown')
    .map(({ key, kind, tries }) => ({
      promise: 'every key is answered in the end',
      subject: key,
      why: `${kind} was tried ${tries.length} times, last: ${tries.at(-1)?.answer} ${tries.at(-1)?.body}`,
    }));

/** Trouble is told as such (503), and never as a fault of ours. */
export const broken = (ops: readonly Op[]): Violation[] =>
  ops.flatMap(({ key, kind, tries }) =>
    tries
      .filter(({ answer }) => answer !== 'lost' && answer >= 500 && answer !== 503)
      .map(({ answer, body }) => ({
        promise: 'trouble is a 503',
        subject: key,
        why: `${kind} was answered ${answer} ${body.slice(0, 300)}`,
      })),
  );
