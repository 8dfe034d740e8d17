import type { EntityManager, FeedEvent } from '@orderloom/db';

export type { FeedEvent };

/** Somebody outside the order's transaction who must hear of events: those of an order in their order. */
export type Consumer = {
  /** Also the name of its queue; small letters and hyphens. */
  readonly name: string;
  readonly wants: (type: string) => boolean;
  /** How many orders it is told of at once; 4 unless it says more. */
  readonly together?: number;
  /** Throws to be asked again later. May get an event twice: what it does must not show. */
  readonly deliver: (event: FeedEvent) => Promise<void>;
  /**
   * For those who only write what follows into the same database: told in the transaction that publishes, and
   * nothing waits in their queue. Where it fails, the events are published without it and delivered.
   */
  readonly within?: (em: EntityManager, events: readonly FeedEvent[]) => Promise<void>;
  /** Told once when every retry was in vain and the event goes to the dead letters. */
  readonly giveUp?: (event: FeedEvent, why: string) => Promise<void>;
};

/** Thrown by a consumer that knows that asking again is in vain: the event goes to the dead letters. */
export class Undeliverable extends Error {}
