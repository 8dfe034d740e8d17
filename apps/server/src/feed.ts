import type { Instant } from '@orderloom/core';

/** A published event: every consumer gets it at least once, those of one order in the order of their versions. */
export type FeedEvent = {
  readonly tenantId: string;
  /** 1, 2, 3 … in each tenant, without a gap. */
  readonly feedSeq: number;
  readonly id: string;
  readonly type: string;
  readonly orderId: string | null;
  readonly version: number | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
  readonly actorId: string | null;
  readonly commandId: string;
  readonly requestId: string;
  readonly reason: string | null;
};

/** Somebody outside the order's transaction who must hear of events. */
export type Consumer = {
  /** Also the name of its queue; small letters and hyphens. */
  readonly name: string;
  readonly wants: (type: string) => boolean;
  /** Throws to be asked again later. May get an event twice: what it does must not show. */
  readonly deliver: (event: FeedEvent) => Promise<void>;
  /** Told once when every retry was in vain and the event lies in the dead letters. */
  readonly giveUp?: (event: FeedEvent, why: string) => Promise<void>;
};
