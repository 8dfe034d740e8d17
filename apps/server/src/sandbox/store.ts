import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Charge, Statement } from './charges.ts';

/** What the sandbox remembers: every charge, and every request by its key. */
export type Store = {
  readonly byKey: (key: string) => Statement | undefined;
  readonly byId: (id: string) => Charge | undefined;
  readonly all: () => readonly Charge[];
  /** The request that a charge began with. */
  readonly first: (id: string) => Statement | undefined;
  readonly keep: (statement: Statement) => void;
};

/** Keeps statements in memory, and in a file that the next process reads when one is named. */
export function openStore(file: string | null): Store {
  const charges = new Map<string, Charge>();
  const requests = new Map<string, { readonly chargeId: string; readonly request: Statement['request'] }>();
  const remember = ({ charge, request }: Statement) => {
    charges.set(charge.id, charge);
    requests.set(request.key, { chargeId: charge.id, request });
  };
  for (const line of file === null ? [] : linesOf(file)) remember(JSON.parse(line));
  const whole = (
    found: { readonly chargeId: string; readonly request: Statement['request'] } | undefined,
  ) => {
    const charge = found && charges.get(found.chargeId);
    return charge && { charge, request: found.request };
  };
  return {
    byKey: (key) => whole(requests.get(key)),
    byId: (id) => charges.get(id),
    all: () => [...charges.values()],
    first: (id) => whole(requests.values().find(({ chargeId }) => chargeId === id)),
    keep: (statement) => {
      if (file !== null) appendFileSync(file, `${JSON.stringify(statement)}\n`);
      remember(statement);
    },
  };
}

/** A process that was killed may have left half a line at the end. */
function linesOf(file: string): string[] {
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, '');
  const lines = readFileSync(file, 'utf8').split('\n');
  const half = lines.pop();
  if (half) appendFileSync(file, '\n');
  return lines.filter((line) => line.endsWith('}'));
}
