import type { Refusal } from '../../errors.ts';
import { type Family, operationsOf, placeholdersLast, refusalsOf, sampleIn } from '../family.ts';
import { families } from '../mount.ts';
import type { Row } from '../row.ts';

type Documented = {
  readonly family: Family;
  readonly row: Row;
  readonly statuses: ReadonlySet<number>;
};

/** Every operation with the statuses that its documentation promises. */
export const documented: readonly Documented[] = families.flatMap((family) =>
  operationsOf(family).map(([row]) => {
    const told = { requestId: 'a-request', path: '/', publicUrl: '', operation: row.operationId };
    const statusOf = (code: Refusal['code']) => family.refuse(sampleIn(family, code), told).status;
    const refused = refusalsOf(family, row).map(statusOf);
    const known = row.method === 'get' && !row.streams ? [304] : [];
    const answered = Object.keys(row.answers).map(Number);
    return { family, row, statuses: new Set([...answered, ...known, ...refused]) };
  }),
);

const patterns = families
  .flatMap((family) =>
    operationsOf(family).flatMap(([row]) =>
      family.pathsOf(row).map((path) => ({
        row,
        path,
        pattern: new RegExp(`^${path.replace(/\/$/, '').replaceAll(/:\w+/g, '[^/]+')}/?$`),
      })),
    ),
  )
  .toSorted((a, b) => placeholdersLast(a.path, b.path));

/** The row's own path, with this in the place of each parameter. */
export const pathOf = ({ path }: Pick<Row, 'path'>, parameter: string): string =>
  path.replaceAll(/:\w+/g, parameter);

/** A UUID of nothing. */
export const nothing = '0199aa00-0000-7000-8000-00000000dead';

/** The operation that a request reaches. */
export const operationOf = (method: string, path: string): string | undefined =>
  patterns.find(
    ({ row, pattern }) =>
      row.method === method.toLowerCase().replace('head', 'get') && pattern.test(path.split('?', 1)[0] ?? ''),
  )?.row.operationId;

/** Remembers what was answered, to compare it with what is documented. */
export function createSeen() {
  const seen = new Set<string>();
  return {
    note: (method: string, path: string, status: number) => {
      const operation = operationOf(method, path);
      if (operation !== undefined) seen.add(`${operation} ${status}`);
    },
    /** What is documented and was never answered. */
    missing: (): string[] =>
      documented.flatMap(({ row, statuses }) =>
        [...statuses].map((status) => `${row.operationId} ${status}`).filter((answer) => !seen.has(answer)),
      ),
    /** What was answered and is not documented. */
    unknown: (): string[] => {
      const known = documented.flatMap(({ row, statuses }) =>
        [...statuses].map((status) => `${row.operationId} ${status}`),
      );
      return [...seen].filter((answer) => !known.includes(answer));
    },
  };
}
export type Seen = ReturnType<typeof createSeen>;
