import { CartItemRow, CartRow } from './cart.ts';
import { AccountRow, AddressRow, CustomerRow } from './customer.ts';
import { DeadLetterRow, DeliveryRow } from './delivery.ts';
import { EventRow, IntentRow } from './event.ts';
import { CardTokenRow, GatewayWebhookRow } from './gateway.ts';
import { IdempotencyRecordRow } from './idempotency.ts';
import { IncidentRow } from './incident.ts';
import { MailRow } from './mail.ts';
import { NotificationRow } from './notification.ts';
import { OrderChargeRow, OrderGroupRow, OrderItemRow, OrderRow } from './order.ts';
import { FulfillmentLineRow, FulfillmentRow, ReturnLineRow, ReturnRow } from './parcel.ts';
import { JournalEntryRow, PaymentRow, PostingRow, RefundPartRow, RefundRow } from './payment.ts';
import { ProductRow, VariantRow } from './product.ts';
import { RemoteProductRow } from './remote-product.ts';
import { StockLevelRow, StockLocationRow, StockMovementRow } from './stock.ts';
import { TallyChangeRow, TallyRow } from './tally.ts';
import { NumberCounterRow, StoreRow, TenantRow } from './tenant.ts';
import { ApiTokenRow, PrincipalRow, SessionRow, SignInAttemptRow } from './user.ts';

/** Every row there is: an explicit list survives bundling, a glob does not. */
export const rows = [
  TenantRow,
  StoreRow,
  NumberCounterRow,
  PrincipalRow,
  SessionRow,
  ApiTokenRow,
  SignInAttemptRow,
  CustomerRow,
  AddressRow,
  AccountRow,
  ProductRow,
  VariantRow,
  StockLocationRow,
  StockLevelRow,
  StockMovementRow,
  CartRow,
  CartItemRow,
  OrderGroupRow,
  OrderRow,
  OrderItemRow,
  OrderChargeRow,
  FulfillmentRow,
  FulfillmentLineRow,
  ReturnRow,
  ReturnLineRow,
  PaymentRow,
  RefundRow,
  RefundPartRow,
  JournalEntryRow,
  PostingRow,
  TallyRow,
  TallyChangeRow,
  EventRow,
  DeliveryRow,
  DeadLetterRow,
  IntentRow,
  IdempotencyRecordRow,
  NotificationRow,
  MailRow,
  IncidentRow,
  RemoteProductRow,
  GatewayWebhookRow,
  CardTokenRow,
];
