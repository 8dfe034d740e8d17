/** What the one before has left for the next: `last` is older than nobody who waited. */
export type Left<M> = { last: M | null };

/** Does one thing after the other for each key. `work` is told what was left, when it had to wait. */
export type Turns<M> = <T>(key: string, work: (left: Left<M>, waited: boolean) => Promise<T>) => Promise<T>;

type Line<M> = { readonly left: Left<M>; end: Promise<unknown> };

/** Takers of one product in this server go one by one: together they only undo each other's reads. */
export function newTurns<M>(): Turns<M> {
  const lines = new Map<string, Line<M>>();
  return async (key, work) => {
    const before = lines.get(key);
    const line = before ?? { left: { last: null }, end: Promise.resolve() };
    const turn = line.end.then(() => work(line.left, before !== undefined));
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    line.end = over;
    lines.set(key, line);
    try {
      return await turn;
    } finally {
      if (line.end === over) lines.delete(key);
    }
  };
}
