import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { PoolClient } from 'pg';

const bound = new WeakMap<PoolClient, Kysely<unknown>>();

/**
 * What MikroORM runs a unit of work on: always this one connection. We begin and end the transaction
 * ourselves, because then `begin` and all its settings are one round trip instead of three.
 */
export function kyselyOn(client: PoolClient): Kysely<unknown> {
  const known = bound.get(client);
  if (known) return known;
  const made = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createDriver: () => driverOn(client),
    },
  });
  bound.set(client, made);
  return made;
}

function driverOn(client: PoolClient): Driver {
  const connection = connectionOn(client);
  const ours = () => Promise.reject(new Error('transact begins and ends transactions, nobody else'));
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: ours,
    commitTransaction: ours,
    rollbackTransaction: ours,
    destroy: async () => {},
  };
}

const connectionOn = (client: PoolClient): DatabaseConnection => ({
  executeQuery: async (query) => {
    const { rows, rowCount } = await client.query(prepared(query));
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
  },
  streamQuery: () => {
    throw new Error('read in pages: a stream would hold the transaction open');
  },
});

const names = new Map<string, string>();
const namesMax = 500;

/**
 * Statements with parameters are parsed and planned once per connection; a flood of different ones is not
 * kept.
 */
function prepared({ sql, parameters }: CompiledQuery) {
  if (parameters.length === 0) return { text: sql };
  const name = names.get(sql) ?? (names.size < namesMax ? `s${names.size}` : undefined);
  if (name === undefined) return { text: sql, values: [...parameters] };
  names.set(sql, name);
  return { name, text: sql, values: [...parameters] };
}
