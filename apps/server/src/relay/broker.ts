import type { Consumer, FeedEvent } from '../feed.ts';

/** An event as CloudEvents 1.0 has it in JSON, with the extensions `sequence`, `tenantid`, `orderversion`. */
export type CloudEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly tenantid: string;
  readonly sequence: string;
  readonly orderversion?: number;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Wherever events are published to outside. */
export type Publisher = {
  /** Done when the other side has stored it; it may be told twice and keeps it once. */
  readonly publish: (event: CloudEvent) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Publishes every event. */
export const brokerOf = (publisher: Publisher, source: string): Consumer => ({
  name: 'broker',
  wants: () => true,
  together: 64,
  deliver: (event) => publisher.publish(cloudEventOf(event, source)),
});

const cloudEventOf = (event: FeedEvent, source: string): CloudEvent => ({
  specversion: '1.0',
  id: event.id,
  source,
  type: event.type,
  ...(event.orderId === null ? {} : { subject: event.orderId }),
  time: event.at,
  datacontenttype: 'application/json',
  tenantid: event.tenantId,
  sequence: String(event.feedSeq),
  ...(event.version === null ? {} : { orderversion: event.version }),
  data: dataOf(event),
});

/** S4-15: of an order that was closed exactly this is told, whatever else its history keeps. */
function dataOf({ type, data, orderId, tenantId, at }: FeedEvent): Readonly<Record<string, unknown>> {
  if (type !== 'orders.closed') return data;
  return { orderId, tenantId, totalCents: data['totalCents'], closedAt: at };
}
