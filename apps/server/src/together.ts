/**
 * Callers who ask for the same at once share the answer. Nobody gets an answer that was looked for before
 * they asked: whoever comes while one is on its way waits for the next one, together with all who come then.
 */
export function together<T>(look: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const lanes = new Map<string, { readonly running: Promise<T>; next: Promise<T> | undefined }>();
  const start = (key: string): Promise<T> => {
    const running = look(key);
    const lane = { running, next: undefined };
    lanes.set(key, lane);
    const done = () => {
      if (lanes.get(key) === lane && lane.next === undefined) lanes.delete(key);
    };
    running.then(done, done);
    return running;
  };
  return (key) => {
    const lane = lanes.get(key);
    if (!lane) return start(key);
    const again = () => start(key);
    lane.next ??= lane.running.then(again, again);
    return lane.next;
  };
}
