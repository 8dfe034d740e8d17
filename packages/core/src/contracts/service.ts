import type { OrderStatus } from '../order/order.ts';
import { statusWordOf } from './api.ts';

/** A status as this dialect's `status` says it; `order_status` has the canonical word (`statusWordOf`). */
export type ServiceStatus = 'Ordered' | Exclude<ReturnType<typeof statusWordOf>, 'pending'>;

/** The word of `status`: the canonical one in lower case, but a new order reads `Ordered` (S3-21). */
export function serviceStatusOf(status: OrderStatus): ServiceStatus {
  const word = statusWordOf(status);
  return word === 'pending' ? 'Ordered' : word;
}

/** The sentences of the service dialect, word for word. */
export const serviceSentences = {
  /** S1-4 */
  placed: 'Success! Order placed',
  /** S1-7 */
  invalidRequest: 'Invalid request. Please review your request and ensure everything is correct.',
  /** S1-8 */
  outOfStock: 'Product out of stock.',
  /** S1-17 */
  orderNotFound: 'Order not found. Ensure supplied order_id is correct.',
  /** S1-20 */
  cancelled: 'Order successfully cancelled',
  /** S1-26 */
  updated: 'Order successfully updated',
  /** S3-4 */
  noOrdersOfCustomer: 'No orders found for the specified customer.',
  /** S3-7 */
  orderIdNotFound: 'Order with the specified ID not found.',
  /** S3-10 */
  created: 'Order created successfully.',
  /** S3-11 */
  insufficientInventory: 'Insufficient inventory for one or more items.',
  /** S3-17 */
  notEnoughInStock: 'Not enough product in stock',
  /** S3-12 */
  failedToCreate: 'Failed to create the order.',
  /** S3-15 */
  statusUpdated: 'Order status updated successfully.',
  /** S3-24 */
  cartEmpty: 'Cart is empty.',
  /** S4-5 */
  missingTenant: 'X-Tenant-Id header required',
  /** S4-12 */
  keyReused: 'Idempotency key used with different request body',
  /** S4-13 */
  onlyDraftConfirmed: 'only draft -> confirmed allowed',
  /** S4-13 */
  notFound: 'order not found',
  /** S4-15 */
  closeNeedsConfirmed: 'order must be confirmed to be closed',
  /** S4-19 */
  missingIfMatch: 'If-Match header required',
  /** S4-19 */
  invalidIfMatch: 'If-Match header must be an integer version',
  /** S4-19 */
  staleVersion: 'stale version',
} as const;
