/** Does one thing after the other for each key; `work` is told whether it had to wait. */
export type Turns = <T>(key: string, work: (waited: boolean) => Promise<T>) => Promise<T>;

/** Takers of one product within this server go one by one: together they would only undo each other's reads. */
export function newTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = last.get(key);
    const turn = (before ?? Promise.resolve()).then(() => work(before !== undefined));
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    last.set(key, over);
    try {
      return await turn;
    } finally {
      if (last.get(key) === over) last.delete(key);
    }
  };
}
