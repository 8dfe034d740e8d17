/**
 * Callers who ask for the same at once share the answer. Nobody gets an answer that was looked for before
 * they asked: whoever comes while one is on its way waits for the next one, together with all who come then.
 */
export function together<T>(look: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const lanes = new Map<string, { readonly running: Promise<T>; next: Promise<T> | undefined }>();
  const start = async (key: string): Promise<T> => {
    const lane = { running: look(key), next: undefined };
    lanes.set(key, lane);
    try {
      return await lane.running;
    } finally {
      if (lanes.get(key) === lane && lane.next === undefined) lanes.delete(key);
    }
  };
  const after = async (running: Promise<T>, key: string): Promise<T> => {
    // How it ended concerns those who asked for it.
    await running.catch(() => {});
    return start(key);
  };
  return (key) => {
    const lane = lanes.get(key);
    if (!lane) return start(key);
    lane.next ??= after(lane.running, key);
    return lane.next;
  };
}
