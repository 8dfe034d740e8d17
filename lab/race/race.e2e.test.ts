import { freshDatabase } from '@orderloom/db/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { dropNets } from '../../packages/db/src/defence.ts';
import { startInstallation } from '../installation.ts';
import { broken } from '../verdicts.ts';
import { once } from './once.ts';
import { arenaAt, race } from './race.ts';
import { scarce } from './stock.ts';

const size = { clients: 32, stock: 8, seed: Date.now() % 1_000_000 };
const [guarded, bare] = [await freshDatabase(), await freshDatabase({ checked: false })];
const at = await startInstallation(guarded.url);
afterAll(at.stop);

describe(`the race lab with ${size.clients} clients at two servers (seed ${size.seed})`, () => {
  it('sees every promise kept', async () => {
    const said: string[] = [];
    const how = { all: [scarce, once], say: (line: string) => void said.push(line) };
    const verdicts = await race(at, arenaAt(at, size, []), how);
    expect(verdicts.map(({ promise, kept }) => [promise, kept])).toEqual([
      ['stock', true],
      ['idempotency', true],
      ['outbox', true],
      ['agreement', true],
    ]);
    expect(said.join('\n')).toContain('8 sold, 24 told');
  });

  it('says which promise is broken when its defence is taken away', async () => {
    await dropNets(bare, ['stock']);
    const undefended = await startInstallation(bare.url, { defenceOff: ['stock'] });
    const arena = arenaAt(undefended, size, []);
    let seen = broken(await scarce.run(arena));
    for (let tries = 1; seen.length === 0 && tries < 10; tries += 1) seen = broken(await scarce.run(arena));
    await undefended.stop();
    expect(seen.map(({ promise, words }) => `${promise}: ${words}`)).toEqual([
      expect.stringMatching(/^stock: .* [1-9]\d* oversold/),
    ]);
  });

  it('says what it cannot see without the database', async () => {
    const far = { ...at, db: null, strangerToken: null };
    const verdicts = await race(far, arenaAt(far, { ...size, clients: 4 }, []), {
      all: [scarce],
      say: () => {},
    });
    expect(verdicts.map(({ promise, kept }) => [promise, kept])).toEqual([
      ['stock', true],
      ['outbox', null],
      ['agreement', null],
    ]);
  });
});
