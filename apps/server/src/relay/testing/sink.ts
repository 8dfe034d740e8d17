import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Consumer } from '../../feed.ts';

/** What a sink in a file was told, in the order in which it was told. */
export type Told = z.infer<typeof Told>;
const Told = z.object({
  by: z.string(),
  feedSeq: z.number(),
  id: z.string(),
  type: z.string(),
  orderId: z.string().nullable(),
  version: z.number().nullable(),
});

/** A consumer that writes down what it gets; several processes may write into one file. */
export const sinkInto = (file: string, by: string): Consumer => ({
  name: 'sink',
  wants: () => true,
  deliver: async ({ feedSeq, id, type, orderId, version }) =>
    appendFileSync(file, `${JSON.stringify({ by, feedSeq, id, type, orderId, version })}\n`),
});

export function toldIn(file: string): Told[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => Told.parse(JSON.parse(line)));
}

/** The orders that were told of a step before they were told of an earlier one. */
export function outOfOrder(told: readonly Told[]): string[] {
  const last = new Map<string, number>();
  const wrong = firstSeen(told).filter(({ orderId, feedSeq }) => {
    if (orderId === null) return false;
    const before = last.get(orderId) ?? 0;
    last.set(orderId, feedSeq);
    return feedSeq < before;
  });
  return wrong.map(({ orderId }) => orderId ?? '');
}

function firstSeen(told: readonly Told[]): Told[] {
  const seen = new Set<string>();
  return told.filter(({ id }) => !seen.has(id) && seen.add(id));
}
