import type { Instant } from '@orderloom/core';
import { bulkhead } from 'cockatiel';
import type { Parts } from '../context.ts';
import type { Remote } from '../remote.ts';
import { basketsOf } from './baskets.ts';
import { openDesk } from './desk.ts';
import { goodsOf } from './goods.ts';
import { type Desks, sweepAll, sweepTenant } from './sweep.ts';
import { newTurns } from './turns.ts';

/** All calls for one order together: the caller waits no longer. */
const patienceMs = 2_500;
const movesAtOnce = 4;

/** The services that the settings name, or nothing when all are our own. */
export function createRemote({ config, db, log }: Pick<Parts, 'config' | 'db' | 'log'>): Remote | null {
  const { catalogUrl, cartUrl, remoteToken: token } = config;
  if (catalogUrl === null && cartUrl === null) return null;
  const where = { db, log, token };
  const desks: Desks = {
    goods:
      catalogUrl === null
        ? null
        : {
            ...openDesk({
              ...where,
              url: catalogUrl,
              service: 'catalogue',
              incident: 'inventory.unreachable',
            }),
            turns: newTurns(),
            few: bulkhead(movesAtOnce, Number.POSITIVE_INFINITY),
          },
    baskets:
      cartUrl === null
        ? null
        : openDesk({ ...where, url: cartUrl, service: 'carts', incident: 'cart.unreachable' }),
  };
  return {
    goods: desks.goods && goodsOf(desks.goods, (round) => sweepTenant(desks, round)),
    baskets: desks.baskets && basketsOf(desks.baskets),
    errand: (of) => ({ ...of, signal: AbortSignal.timeout(patienceMs) }),
    sweep: (at) => sweepAll(desks, at),
  };
}

const sweepEveryMs = 2_000;

/** Sweeps at once, and now and then until it is stopped. */
export function startSweeping(remote: Remote, now: () => Instant): { readonly stop: () => Promise<void> } {
  let sweeping: Promise<void> | null = null;
  const sweep = () => {
    sweeping ??= remote.sweep(now()).finally(() => (sweeping = null));
  };
  sweep();
  const timer = setInterval(sweep, sweepEveryMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await sweeping;
    },
  };
}
