import type { FulfillmentFacet, OrderStatus, PaymentFacet, PaymentStatus } from '@orderloom/core';
import {
  Ban,
  Banknote,
  BadgeCheck,
  Circle,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleDot,
  Clock,
  Hourglass,
  Lock,
  type LucideIcon,
  Package,
  PackageCheck,
  PackageOpen,
  Pencil,
  Truck,
  Undo2,
} from 'lucide-react';

type Tone = 'quiet' | 'info' | 'good' | 'warn' | 'bad';
type Look = { readonly text: string; readonly tone: Tone; readonly icon: LucideIcon };

const orderLooks: Readonly<Record<OrderStatus, Look>> = {
  DRAFT: { text: 'Draft', tone: 'quiet', icon: Pencil },
  PENDING: { text: 'Pending', tone: 'warn', icon: Clock },
  CONFIRMED: { text: 'Confirmed', tone: 'info', icon: CircleCheck },
  PROCESSING: { text: 'Processing', tone: 'info', icon: PackageOpen },
  SHIPPED: { text: 'Shipped', tone: 'info', icon: Truck },
  OUT_FOR_DELIVERY: { text: 'Out for delivery', tone: 'info', icon: Truck },
  DELIVERED: { text: 'Delivered', tone: 'good', icon: PackageCheck },
  CANCELLED: { text: 'Cancelled', tone: 'bad', icon: Ban },
  REFUNDED: { text: 'Refunded', tone: 'quiet', icon: Undo2 },
  CLOSED: { text: 'Closed', tone: 'quiet', icon: Lock },
};

const paymentLooks: Readonly<Record<PaymentFacet, Look>> = {
  unpaid: { text: 'Unpaid', tone: 'warn', icon: CircleDashed },
  authorized: { text: 'Authorized', tone: 'info', icon: Hourglass },
  partially_paid: { text: 'Partly paid', tone: 'warn', icon: CircleDot },
  paid: { text: 'Paid', tone: 'good', icon: Banknote },
  overpaid: { text: 'Overpaid', tone: 'bad', icon: CircleAlert },
  partially_refunded: { text: 'Partly refunded', tone: 'quiet', icon: Undo2 },
  refunded: { text: 'Refunded', tone: 'quiet', icon: Undo2 },
};

const fulfillmentLooks: Readonly<Record<FulfillmentFacet, Look>> = {
  unfulfilled: { text: 'Unfulfilled', tone: 'warn', icon: Circle },
  partially_shipped: { text: 'Partly shipped', tone: 'info', icon: Package },
  shipped: { text: 'Shipped', tone: 'info', icon: Truck },
  partially_delivered: { text: 'Partly delivered', tone: 'info', icon: Package },
  delivered: { text: 'Delivered', tone: 'good', icon: PackageCheck },
  partially_returned: { text: 'Partly returned', tone: 'quiet', icon: Undo2 },
  returned: { text: 'Returned', tone: 'quiet', icon: Undo2 },
};

const moneyLooks: Readonly<Record<PaymentStatus, Look>> = {
  PENDING: { text: 'Pending', tone: 'warn', icon: Clock },
  AUTHORIZED: { text: 'Authorized', tone: 'info', icon: Hourglass },
  PARTIALLY_CAPTURED: { text: 'Partly captured', tone: 'info', icon: CircleDot },
  PAID: { text: 'Paid', tone: 'good', icon: BadgeCheck },
  PARTIALLY_REFUNDED: { text: 'Partly refunded', tone: 'quiet', icon: Undo2 },
  REFUNDED: { text: 'Refunded', tone: 'quiet', icon: Undo2 },
  FAILED: { text: 'Failed', tone: 'bad', icon: CircleAlert },
  VOIDED: { text: 'Voided', tone: 'quiet', icon: Ban },
  EXPIRED: { text: 'Expired', tone: 'quiet', icon: Ban },
};

/** A status never speaks by colour alone: every pill has a word and a sign. */
export const Pill = ({ text, tone, icon: Icon }: Look) => (
  <span className="ol-pill" data-tone={tone}>
    <Icon size={14} aria-hidden />
    {text}
  </span>
);

export const OrderPill = ({ is }: { readonly is: OrderStatus }) => <Pill {...orderLooks[is]} />;
export const PaidPill = ({ is }: { readonly is: PaymentFacet }) => <Pill {...paymentLooks[is]} />;
export const SentPill = ({ is }: { readonly is: FulfillmentFacet }) => <Pill {...fulfillmentLooks[is]} />;
export const PaymentPill = ({ is }: { readonly is: PaymentStatus }) => <Pill {...moneyLooks[is]} />;

/** What the three statuses are called, for filters and sentences. */
export const orderStatusText = (status: OrderStatus): string => orderLooks[status].text;
export const paymentStatusText = (status: PaymentFacet): string => paymentLooks[status].text;
export const fulfillmentStatusText = (status: FulfillmentFacet): string => fulfillmentLooks[status].text;
