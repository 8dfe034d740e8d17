import type { Instant } from './order.ts';

/** The UTC day of a moment as `YYYYMMDD`: orders are numbered day by day. */
export const dayOf = (at: Instant): string => at.slice(0, 10).replaceAll('-', '');

/** An order number such as `ORD-20260115-0001` (S2-64): the UTC day and a counter of at least four digits. */
export const orderNumber = (at: Instant, serial: number): string =>
  `ORD-${dayOf(at)}-${String(serial).padStart(4, '0')}`;

/** Whether a text has the form of an order number. */
export const isOrderNumber = (text: string): boolean => /^ORD-\d{8}-\d{4,}$/i.test(text);
