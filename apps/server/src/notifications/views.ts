import { noticeKinds } from '@orderloom/core';
import { z } from 'zod';

/** News for somebody: of an order to its customer, of what is out of order to an administrator. */
export const NoticeView = z.object({
  id: z.string(),
  kind: z.enum([...noticeKinds, 'alert']),
  orderId: z.string().nullable(),
  orderNumber: z.string().nullable(),
  title: z.string(),
  body: z.string(),
  readAt: z.string().nullable(),
  createdAt: z.string(),
});
export type NoticeView = z.output<typeof NoticeView>;
