import type { Chance } from '../../apps/server/src/demo/chance.ts';
import type { Defence } from '@orderloom/db';
import type { Verdict } from '../verdicts.ts';
import type { Client } from './client.ts';

/** What the scenarios of a run have to do with. */
export type Arena = {
  readonly clients: number;
  readonly stock: number;
  readonly luck: Chance;
  readonly staff: Client;
  /** An administrator of another tenant. */
  readonly stranger: Client | null;
};

/** Something that many do at once, and what is promised whatever they do. */
export type Scenario = {
  readonly name: string;
  readonly what: string;
  readonly run: (arena: Arena) => Promise<Verdict[]>;
  /** The defences without which it must end badly. */
  readonly needs?: readonly Defence[];
};

/** Does `work` as often as that, all at once. */
export const atOnce = <T>(count: number, work: (number: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, number) => work(number)));

/** The share of the tries that had to wait longest. */
export function percentile(all: readonly number[], share: number): number {
  const sorted = all.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}
