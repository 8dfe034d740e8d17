/**
 * Callers who ask at once share one look. Nobody gets an answer that was looked for before they asked:
 * whoever comes while one is on its way waits for the next one, together with all who come then. A look
 * hears what each of them asked.
 */
export function together<T, Q = void>(
  look: (key: string, asked: readonly Q[]) => Promise<T>,
): (key: string, asked: Q) => Promise<T> {
  type Next = { readonly asked: Q[]; readonly answer: Promise<T> };
  const lanes = new Map<string, { readonly running: Promise<T>; next: Next | undefined }>();
  const start = async (key: string, asked: readonly Q[]): Promise<T> => {
    const lane = { running: look(key, asked), next: undefined };
    lanes.set(key, lane);
    try {
      return await lane.running;
    } finally {
      if (lanes.get(key) === lane && lane.next === undefined) lanes.delete(key);
    }
  };
  const after = async (running: Promise<T>, key: string, asked: readonly Q[]): Promise<T> => {
    // How it ended concerns those who asked for it.
    await running.catch(() => {});
    return start(key, asked);
  };
  return (key, question) => {
    const lane = lanes.get(key);
    if (!lane) return start(key, [question]);
    if (lane.next) lane.next.asked.push(question);
    else {
      const asked = [question];
      lane.next = { asked, answer: after(lane.running, key, asked) };
    }
    return lane.next.answer;
  };
}
