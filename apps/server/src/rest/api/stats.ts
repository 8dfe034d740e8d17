import { z } from 'zod';
import { OrderStatsView, PaymentStatsView } from '../../stats/views.ts';
import { row, type Row } from '../row.ts';
import { orderExample } from './examples.ts';
import { OrderObject, orderObject } from './objects.ts';
import { paymentExample, PaymentObject, paymentObject } from './payments.ts';

const OrderStats = OrderStatsView.shape.stats
  .extend({ recent_orders: z.array(OrderObject) })
  .strict()
  .meta({
    id: 'OrderStats',
    description: 'How orders are doing: the six counters, the statuses and the months each add up to all.',
  });
const PaymentStats = PaymentStatsView.shape.stats
  .extend({ recent_payments: z.array(PaymentObject) })
  .strict()
  .meta({
    id: 'PaymentStats',
    description: 'How payments are doing: the four counters, the methods and the months each add up to all.',
  });

const Query = z.strictObject({
  store: z
    .array(z.string().max(200))
    .max(100)
    .optional()
    .meta({ description: 'Only orders of this store: UUID, number or slug; repeatable.' }),
});
const asked = ({ query }: { readonly query: z.output<typeof Query> }) => ({ stores: query.store });

const description =
  'A customer’s token is told of that customer’s own, staff’s of all. Kept for ten minutes at most, and ' +
  'never beyond a change.';

/** The statistics of the api family (S2-31, S2-51). */
export const statsRows: readonly Row[] = [
  row({
    method: 'get',
    path: '/api/v1/orders/order_stats/',
    operationId: 'orderStats',
    tag: 'Orders',
    summary: 'See how orders are doing',
    description: `Drafts and deleted orders are not counted. ${description}`,
    procedure: 'stats.orders',
    query: Query,
    request: asked,
    reply: ({ stats, recent }) => ({
      status: 200,
      body: { ...stats, recent_orders: recent.map(orderObject) },
    }),
    answers: {
      200: {
        description: 'The statistics, and the ten newest orders.',
        schema: OrderStats,
        example: {
          total_orders: 150,
          pending_orders: 25,
          processing_orders: 10,
          shipped_orders: 45,
          delivered_orders: 60,
          cancelled_orders: 5,
          refunded_orders: 5,
          total_revenue: '15000.00',
          average_order_value: '100.00',
          orders_by_status: {
            pending: 25,
            confirmed: 10,
            shipped: 45,
            delivered: 60,
            cancelled: 5,
            refunded: 5,
          },
          orders_by_month: { '2024-01': 50, '2024-02': 45, '2024-03': 55 },
          customer_satisfaction: '4.60',
          recent_orders: [orderExample],
        },
      },
    },
    refusals: [],
  }),
  row({
    method: 'get',
    path: '/api/v1/payments/payment_stats/',
    operationId: 'paymentStats',
    tag: 'Payments',
    summary: 'See how payments are doing',
    description,
    procedure: 'stats.payments',
    query: Query,
    request: asked,
    reply: ({ stats, recent }) => ({
      status: 200,
      body: { ...stats, recent_payments: recent.map(paymentObject) },
    }),
    answers: {
      200: {
        description: 'The statistics, and the ten newest payments.',
        schema: PaymentStats,
        example: {
          total_payments: 150,
          pending_payments: 30,
          paid_payments: 110,
          refunded_payments: 7,
          failed_payments: 3,
          total_amount: '15200.00',
          refunded_amount: '200.00',
          success_rate: '0.9750',
          payments_by_method: { cash: 20, credit_card: 130 },
          payments_by_month: { '2024-01': 50, '2024-02': 45, '2024-03': 55 },
          recent_payments: [paymentExample],
        },
      },
    },
    refusals: [],
  }),
];
