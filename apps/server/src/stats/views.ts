import { z } from 'zod';
import { PaymentRecord } from '../orders/payments/views.ts';
import { OrderView } from '../orders/views.ts';

const Money = z.string();
const CountBy = z.record(z.string(), z.int());

/** What core's statistics of orders are, and the newest of those orders. */
export const OrderStatsView = z.object({
  stats: z.object({
    total_orders: z.int(),
    pending_orders: z.int(),
    processing_orders: z.int(),
    shipped_orders: z.int(),
    delivered_orders: z.int(),
    cancelled_orders: z.int(),
    refunded_orders: z.int(),
    total_revenue: Money,
    average_order_value: Money,
    orders_by_status: CountBy,
    orders_by_month: CountBy,
    customer_satisfaction: z.string().nullable(),
  }),
  recent: z.array(OrderView),
});
export type OrderStatsView = z.output<typeof OrderStatsView>;

/** The same of payments. */
export const PaymentStatsView = z.object({
  stats: z.object({
    total_payments: z.int(),
    pending_payments: z.int(),
    paid_payments: z.int(),
    refunded_payments: z.int(),
    failed_payments: z.int(),
    total_amount: Money,
    refunded_amount: Money,
    success_rate: z.string(),
    payments_by_method: CountBy,
    payments_by_month: CountBy,
  }),
  recent: z.array(PaymentRecord),
});
export type PaymentStatsView = z.output<typeof PaymentStatsView>;
