import { RateOrder } from '@orderloom/core/inputs';
import { z } from 'zod';
import { row, type Row } from '../row.ts';
import { Time, Uuid } from '../wire.ts';
import { orderExample } from './examples.ts';
import { OnePath, versionHeader } from './orders.ts';

const Score = RateOrder.shape.score.meta({ description: 'From 1 to 5, the best.' });

const Rate = z
  .strictObject({ score: Score, comment: RateOrder.shape.comment })
  .meta({ id: 'CreateFeedback', description: 'What a customer thought of an order.' });

const Feedback = z
  .strictObject({ order: Uuid, score: z.int(), comment: z.string().nullable(), created_at: Time })
  .meta({ id: 'Feedback', description: 'What the customer thought of an order; the last word counts.' });

/** What customers think of their orders (S2-107). */
export const feedbackRows: readonly Row[] = [
  row({
    method: 'post',
    path: '/api/v1/orders/:id/feedback/',
    operationId: 'giveFeedback',
    tag: 'Orders',
    summary: 'Say what you thought of an order',
    description:
      'For the customer of an order that has been delivered. Sent again, it takes the place of what was ' +
      'said before; the history of the order keeps both.',
    procedure: 'orders.rate',
    params: OnePath,
    body: Rate,
    bodyExample: { score: 5, comment: 'Arrived a day early' },
    versioned: true,
    readOnly: Object.keys(Feedback.shape),
    request: ({ params: { id }, version, body }) => ({ id, expectedVersion: version, ...body }),
    reply: ({ orderId, version, score, comment, at }) => ({
      status: 201,
      body: { order: orderId, score, comment, created_at: at },
      headers: { ETag: `"${version}"` },
    }),
    answers: {
      201: {
        description: 'It is kept.',
        schema: Feedback,
        example: {
          order: orderExample.id,
          score: 5,
          comment: 'Arrived a day early',
          created_at: '2026-01-15T11:00:00.000Z',
        },
        headers: versionHeader,
      },
    },
    refusals: ['ORDER_NOT_FOUND', 'ORDER_NOT_DELIVERED', 'NOT_ITS_CUSTOMER'],
  }),
];
