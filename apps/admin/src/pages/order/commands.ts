import { commandScopes, type Scope } from '@orderloom/core';
import {
  Ban,
  Check,
  type LucideIcon,
  Lock,
  PackageCheck,
  PackageOpen,
  Trash2,
  Truck,
  Undo2,
} from 'lucide-react';
import { isRefusal, refusalText } from '../../refusal.ts';
import type { Inputs } from '../../trpc.ts';
import { commandText } from '../../words.ts';
import type { Order } from './order.ts';

export type Command = Inputs['orders']['change']['command'];
export type CommandName = Command['type'];

type Look = {
  readonly icon: LucideIcon;
  /** What the toast says when it is done. */
  readonly done: string;
  /** What is asked before it is done. */
  readonly asks?: 'tracking' | 'reason';
  /** Takes goods or money back: never the first button, always the last. */
  readonly takesBack?: true;
};

/** The commands that the page offers; drafts are placed elsewhere. */
export const looks: Readonly<Record<CommandName, Look>> = {
  confirmDraft: { icon: Check, done: 'The draft is confirmed.' },
  confirmOrder: { icon: Check, done: 'The order is confirmed.' },
  startProcessing: { icon: PackageOpen, done: 'The order is being processed.' },
  shipOrder: { icon: Truck, done: 'The order is shipped.', asks: 'tracking' },
  markOutForDelivery: { icon: Truck, done: 'The order is out for delivery.' },
  deliverOrder: { icon: PackageCheck, done: 'The order is delivered.' },
  closeOrder: { icon: Lock, done: 'The order is closed.' },
  refundOrder: { icon: Undo2, done: 'The order is refunded.', asks: 'reason', takesBack: true },
  cancelOrder: { icon: Ban, done: 'The order is cancelled.', asks: 'reason', takesBack: true },
  discardDraft: { icon: Trash2, done: 'The draft is discarded.', asks: 'reason', takesBack: true },
};

/** A button of the page: what it does, and why it may not. */
export type Offer = { readonly command: CommandName; readonly text: string; readonly reason: string | null };

const isOffered = (command: string): command is CommandName => Object.hasOwn(looks, command);

/** What could come next, in the order of the state machine: what may be done first, what takes back last. */
export function offersOf(
  order: Pick<Order, 'actions' | 'currency' | 'lines'>,
  may: (scope: Scope) => boolean,
): readonly Offer[] {
  const offers = order.actions.flatMap(({ command, refusal }): Offer[] => {
    // A draft without lines is confirmed by whoever knows the agreed total.
    if (!isOffered(command) || (command === 'confirmDraft' && order.lines.length === 0)) return [];
    const { all, own } = commandScopes[command];
    const allowed = may(all) || (own !== undefined && may(own));
    const missing = allowed ? null : refusalText({ code: 'FORBIDDEN', scope: all });
    const reason = missing ?? (refusal && reasonText(refusal, order));
    return [{ command, text: commandText(command), reason }];
  });
  const rank = ({ command, reason }: Offer) => (looks[command].takesBack ? 2 : reason === null ? 0 : 1);
  return offers.toSorted((a, b) => rank(a) - rank(b));
}

const reasonText = (refusal: { readonly code: string }, order: Pick<Order, 'currency'>): string =>
  isRefusal(refusal) ? refusalText(refusal, order.currency) : 'The order does not allow it now.';
