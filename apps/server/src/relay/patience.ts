/** How often a consumer is asked, and how long it may take. */
export type Patience = {
  /** How often an event is tried before it goes to the dead letters. */
  readonly attemptsMax: number;
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
  /** How long a consumer may take for one event. */
  readonly timeoutMs: number;
  /** How long events are ours; when a server dies, others take them then. */
  readonly leaseMs: number;
};

/** A consumer that is away for twenty minutes costs nothing but time, and is told at once when it is back. */
export const patience: Patience = {
  attemptsMax: 60,
  firstRetryMs: 1_000,
  lastRetryMs: 20_000,
  timeoutMs: 10_000,
  leaseMs: 25_000,
};

/** How long an event waits after its `attempts`-th try: twice as long each time, and not all at once. */
export function waitAfter(attempts: number, { firstRetryMs, lastRetryMs }: Patience, chance: number): number {
  const longest = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(attempts - 1, 30));
  return Math.round(longest * (0.75 + chance / 4));
}
