import type { EntityManager } from '@mikro-orm/postgresql';
import {
  customerAccountOf,
  type Entry,
  type Instant,
  type Posting,
  sum,
  type StockMove,
} from '@orderloom/core';
import { isOff } from '../defence.ts';
import { newId } from '../ids.ts';
import { type Column, newStatement, type Statement, type Table, type Update } from './statement.ts';

/** One command: who gave it, when, and why. */
export type Act = {
  readonly commandId: string;
  readonly requestId: string;
  readonly actorId: string | null;
  readonly tokenId: string | null;
  readonly reason: string | null;
  readonly at: Instant;
};

/** Something that happened to no order: goods came in, a balance was topped up. */
export type Deed = Act & {
  readonly events: readonly {
    readonly id: string;
    readonly type: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
  readonly moves: readonly StockMove[];
  readonly entries: readonly Entry[];
};

/** What a command does to stock and money, for an order or for none. */
export type Effects = Act & Pick<Deed, 'moves' | 'entries'> & { readonly orderId: string | null };

export type EventRecord = Act & {
  readonly id: string;
  readonly orderId: string | null;
  readonly version: number | null;
  readonly idx: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly from: string | null;
  readonly to: string | null;
};

const acting: readonly Column<Act>[] = [
  ['command_id', 'uuid', (row) => row.commandId],
  ['actor_id', 'uuid', (row) => row.actorId],
  ['at', 'timestamptz', (row) => row.at],
];

export const events: Table<EventRecord> = {
  table: 'events',
  columns: [
    ...acting,
    ['id', 'uuid', (row) => row.id],
    ['order_id', 'uuid', (row) => row.orderId],
    ['version', 'int', (row) => row.version],
    ['idx', 'int', (row) => row.idx],
    ['type', 'text', (row) => row.type],
    ['data', 'jsonb', (row) => row.data],
    ['from_status', 'text', (row) => row.from],
    ['to_status', 'text', (row) => row.to],
    ['token_id', 'uuid', (row) => row.tokenId],
    ['request_id', 'text', (row) => row.requestId],
    ['reason', 'text', (row) => row.reason],
    ['schema_version', 'int', () => 1],
  ],
};

type Movement = { readonly by: Effects; readonly move: StockMove };

const movements: Table<Movement> = {
  table: 'stock_movements',
  columns: [
    ['id', 'uuid', () => newId()],
    ['kind', 'text', ({ move }) => move.kind],
    ['variant_id', 'uuid', ({ move }) => move.variantId],
    ['location_id', 'uuid', ({ move }) => move.locationId],
    ['on_hand', 'int', ({ move }) => move.onHand],
    ['reserved', 'int', ({ move }) => move.reserved],
    ['order_id', 'uuid', ({ by }) => by.orderId],
    ['line_id', 'uuid', ({ move }) => move.lineId],
    ['command_id', 'uuid', ({ by }) => by.commandId],
    ['reason', 'text', ({ by }) => by.reason],
    ['actor_id', 'uuid', ({ by }) => by.actorId],
    ['at', 'timestamptz', ({ by }) => by.at],
  ],
};

type LevelChange = Pick<StockMove, 'variantId' | 'locationId' | 'onHand' | 'reserved'> & {
  readonly at: Instant;
};

// I-2: never a value that was computed outside, always relative, and only where it may be done.
const levels: Update<LevelChange> = {
  table: 'stock_levels',
  key: ['variant_id', 'location_id'],
  columns: [
    ['variant_id', 'uuid', (row) => row.variantId],
    ['location_id', 'uuid', (row) => row.locationId],
    ['on_hand', 'int', (row) => row.onHand],
    ['reserved', 'int', (row) => row.reserved],
    ['updated_at', 'timestamptz', (row) => row.at],
  ],
  set: [
    'on_hand = t.on_hand + u.on_hand',
    'reserved = t.reserved + u.reserved',
    'version = t.version + 1',
    'updated_at = u.updated_at',
  ],
  condition: `t.on_hand + u.on_hand >= 0 and t.reserved + u.reserved >= 0
    and t.on_hand + u.on_hand - t.reserved - u.reserved >= -t.backorder_limit`,
};

type Journal = { readonly id: string; readonly by: Effects; readonly entry: Entry };
type Posted = {
  readonly id: string;
  readonly position: number;
  readonly currency: string;
  readonly posting: Posting;
};

const journal: Table<Journal> = {
  table: 'journal_entries',
  columns: [
    ['id', 'uuid', (row) => row.id],
    ['memo', 'text', ({ entry }) => entry.memo],
    ['currency', 'text', ({ entry }) => entry.currency],
    ['order_id', 'uuid', ({ by }) => by.orderId],
    ['command_id', 'uuid', ({ by }) => by.commandId],
    ['actor_id', 'uuid', ({ by }) => by.actorId],
    ['at', 'timestamptz', ({ by }) => by.at],
  ],
};

const postings: Table<Posted> = {
  table: 'postings',
  columns: [
    ['entry_id', 'uuid', (row) => row.id],
    ['position', 'int', (row) => row.position],
    ['account', 'text', ({ posting }) => posting.account],
    ['currency', 'text', (row) => row.currency],
    ['amount_minor', 'bigint', ({ posting }) => posting.amount],
  ],
};

type AccountChange = {
  readonly customerId: string;
  readonly kind: 'balance' | 'held';
  readonly currency: string;
  readonly amount: number;
};

const accounts: Update<AccountChange> = {
  table: 'accounts',
  key: ['customer_id', 'kind', 'currency'],
  columns: [
    ['customer_id', 'uuid', (row) => row.customerId],
    ['kind', 'text', (row) => row.kind],
    ['currency', 'text', (row) => row.currency],
    ['balance_minor', 'bigint', (row) => row.amount],
  ],
  set: ['balance_minor = t.balance_minor + u.balance_minor'],
  condition: 't.balance_minor + u.balance_minor >= t.floor_minor',
};

/**
 * Adds what commands do to stock and money to a statement: histories, and the rows that must agree with
 * them.
 */
export function addEffects(statement: Statement, effects: readonly Effects[], em: EntityManager): void {
  const moved = effects.flatMap((by) => by.moves.map((move) => ({ by, move })));
  statement.insert(movements, moved);
  statement.update(isOff(em, 'stock') ? unguarded(levels) : levels, levelChanges(moved));

  const written = effects.flatMap((by) => by.entries.map((entry) => ({ id: newId(), by, entry })));
  statement.insert(journal, written);
  const posted = written.flatMap(({ id, entry: { currency, postings: all } }) =>
    all.map((posting, position) => ({ id, position, currency, posting })),
  );
  statement.insert(postings, posted);
  statement.update(isOff(em, 'balance') ? unguarded(accounts) : accounts, accountChanges(posted));
}

function unguarded<T>({ condition: _, ...update }: Update<T>): Update<T> {
  return update;
}

/** Runs a statement whose rows were locked before, so that nothing it asks for can fail but by a bug. */
export async function runLocked(statement: Statement, em: EntityManager): Promise<void> {
  const { missed } = await statement.run(em);
  if (missed.length > 0)
    throw new Error(`rows are missing or would break their limits: ${missed.join(', ')}`);
}

/** Writes what happened to no order: its events, and what they do to stock and money. */
export async function writeDeeds(em: EntityManager, tenantId: string, deeds: readonly Deed[]): Promise<void> {
  const statement = newStatement(tenantId);
  const ofNoOrder = { orderId: null, version: null, from: null, to: null };
  statement.insert(
    events,
    deeds.flatMap((deed) => deed.events.map((event, idx) => ({ ...deed, ...event, ...ofNoOrder, idx }))),
  );
  addEffects(
    statement,
    deeds.map((deed) => ({ ...deed, orderId: null })),
    em,
  );
  await runLocked(statement, em);
}

function levelChanges(moved: readonly Movement[]): LevelChange[] {
  const changes = new Map<string, LevelChange>();
  for (const { by, move } of moved) {
    const { variantId, locationId } = move;
    const key = `${variantId} ${locationId}`;
    const { onHand = 0, reserved = 0 } = changes.get(key) ?? {};
    const change = { onHand: onHand + move.onHand, reserved: reserved + move.reserved };
    changes.set(key, { variantId, locationId, ...change, at: by.at });
  }
  return sorted(changes).filter(({ onHand, reserved }) => onHand !== 0 || reserved !== 0);
}

function accountChanges(posted: readonly Posted[]): AccountChange[] {
  const changes = new Map<string, AccountChange>();
  for (const { currency, posting } of posted) {
    const account = customerAccountOf(posting.account);
    if (!account) continue;
    const key = `${account.customerId} ${account.kind} ${currency}`;
    const amount = sum([changes.get(key)?.amount ?? 0, posting.amount]);
    changes.set(key, { ...account, currency, amount });
  }
  return sorted(changes).filter(({ amount }) => amount !== 0);
}

const sorted = <T>(byKey: ReadonlyMap<string, T>): T[] =>
  [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
