import { describe, expect, it } from 'vitest';
import { together } from './together.ts';

/** Looks that end when they are told to. */
function looks() {
  const asked: { readonly key: string; readonly end: (answer: string) => void; readonly fail: () => void }[] =
    [];
  const ask = together(
    (key) =>
      new Promise<string>((resolve, reject) => {
        asked.push({ key, end: resolve, fail: () => reject(new Error('lost')) });
      }),
  );
  return { ask, asked };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('callers who ask for the same at once', () => {
  it('share one answer that was looked for after they asked', async () => {
    const { ask, asked } = looks();
    const first = ask('a');
    const others = [ask('a'), ask('a'), ask('a')];
    expect(asked).toHaveLength(1);
    asked[0]?.end('old');
    expect(await first).toBe('old');
    await settled();
    expect(asked).toHaveLength(2);
    const late = ask('a');
    asked[1]?.end('new');
    expect(await Promise.all(others)).toEqual(['new', 'new', 'new']);
    await settled();
    expect(asked).toHaveLength(3);
    asked[2]?.end('newest');
    expect(await late).toBe('newest');
  });

  it('are looked for together, each with a question of its own', async () => {
    const heard: (readonly number[])[] = [];
    const doubled = together(async (_key: string, asked: readonly number[]) => {
      heard.push(asked);
      return new Map(asked.map((one) => [one, 2 * one]));
    });
    const all = [1, 2, 3].map(async (one) => (await doubled('a', one)).get(one));
    expect(await Promise.all(all)).toEqual([2, 4, 6]);
    expect(heard).toEqual([[1], [2, 3]]);
  });

  it('wait for nobody who asks for something else', () => {
    const { ask, asked } = looks();
    void ask('a');
    void ask('b');
    expect(asked.map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('are not told of a failure that was none of theirs', async () => {
    const { ask, asked } = looks();
    const first = ask('a');
    const second = ask('a');
    asked[0]?.fail();
    await expect(first).rejects.toThrow('lost');
    await settled();
    asked[1]?.end('there');
    expect(await second).toBe('there');
  });

  it('leave nothing behind: whoever comes later looks at once', async () => {
    const { ask, asked } = looks();
    for (const answer of ['one', 'two']) {
      const found = ask('a');
      asked.at(-1)?.end(answer);
      expect(await found).toBe(answer);
      await settled();
    }
    expect(asked).toHaveLength(2);
  });
});
