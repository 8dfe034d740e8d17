import { statusOf } from '@orderloom/core';
import { z } from 'zod';
import type { Refusal } from '../../errors.ts';
import { refusals } from '../../refusals.ts';
import { row, type Row } from '../row.ts';
import { orderExample } from './examples.ts';
import { StatusWord } from './order-inputs.ts';

const Bulk = z
  .strictObject({
    order_ids: z
      .array(z.union([z.string().max(1_000), z.number()]).transform(String))
      .min(1)
      .max(10_000)
      .meta({ description: 'UUIDs or numbers of orders.' }),
    status: StatusWord.meta({ description: 'One step from where each order is.' }),
  })
  .meta({ id: 'BulkUpdateStatus', description: 'Orders, and where they shall go.' });

const Done = z
  .strictObject({
    updated: z.int(),
    order_ids: z.array(z.string()),
    failed: z.array(z.strictObject({ id: z.string(), error: z.string(), code: z.string() })),
  })
  .meta({ id: 'BulkUpdated', description: 'The orders that were changed, and why the others were not.' });

/** Many orders at once (S2-35), with the sentence that a single call would have been refused with. */
export const bulkRows = (sentenceOf: (refusal: Refusal) => string): readonly Row[] => [
  row({
    method: 'post',
    path: '/api/v1/orders/bulk_update_status/',
    operationId: 'bulkUpdateStatus',
    tag: 'Orders',
    summary: 'Take many orders one step further',
    description: 'Each order for itself: one that is refused is told, and keeps no other from going on.',
    procedure: 'orders.bulkUpdate',
    body: Bulk,
    bodyExample: { order_ids: [orderExample.id], status: 'confirmed' },
    request: ({ body }) => ({ ids: body.order_ids, status: statusOf(body.status) ?? 'PENDING' }),
    reply: ({ changed, failed }) => ({
      status: 200,
      body: {
        updated: changed.length,
        order_ids: changed,
        failed: failed.map(({ id, refusal }) => ({
          id,
          error: sentenceOf(refusal),
          code: refusals[refusal.code].wire,
        })),
      },
    }),
    answers: {
      200: {
        description: 'What became of each of them.',
        schema: Done,
        example: {
          updated: 1,
          order_ids: [orderExample.id],
          failed: [{ id: 'ORD-20260115-0002', error: 'Order not found', code: 'order_not_found' }],
        },
      },
    },
    refusals: [],
  }),
];
