import { chance } from '../../apps/server/src/demo/chance.ts';
import type { Installation } from '../installation.ts';
import { lineOf, type Verdict } from '../verdicts.ts';
import { agreement, told } from './after.ts';
import { aClient, type Try } from './client.ts';
import { bulks, editors } from './orders.ts';
import { drain, refunds } from './money.ts';
import { once } from './once.ts';
import type { Arena, Scenario } from './scenario.ts';
import { duplicates, hot, scarce } from './stock.ts';
import { walls } from './walls.ts';

export const scenarios: readonly Scenario[] = [
  scarce,
  hot,
  duplicates,
  drain,
  refunds,
  once,
  editors,
  bulks,
  walls,
];

export type Size = { readonly clients: number; readonly stock: number; readonly seed: number };

/** Everything that a scenario has to do with, at an installation. */
export function arenaAt(
  { urls, token, strangerToken }: Installation,
  { clients, stock, seed }: Size,
  history: Try[],
): Arena {
  const luck = chance(seed);
  const someone = (who: string, by: string) => aClient({ who, urls, token: by, luck, history });
  const stranger = strangerToken === null ? null : someone('stranger', strangerToken);
  return { clients, stock, luck, staff: someone('staff', token), stranger };
}

type Told = (line: string) => void;

/** One scenario after the other, and then what the database says of them all. */
export async function race(
  at: Installation,
  arena: Arena,
  { all, say }: { all: readonly Scenario[]; say: Told },
) {
  const verdicts: Verdict[] = [];
  const take = (found: readonly Verdict[]) => {
    for (const verdict of found) say(lineOf(verdict));
    verdicts.push(...found);
  };
  for (const scenario of all) {
    say(`${scenario.name}: ${scenario.what}`);
    take(await scenario.run(arena));
  }
  say('afterwards');
  take([await told(at.db), await agreement(at.db)]);
  return verdicts;
}
