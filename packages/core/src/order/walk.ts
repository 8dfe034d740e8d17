import { err, ok, type Result } from '../result.ts';
import type { OrderCommand } from './commands.ts';
import { decide, type DecideContext, type OrderRefusal } from './decide.ts';
import type { OrderEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { type OrderCommandName, transitions } from './lifecycle.ts';
import type { Order, OrderStatus } from './order.ts';

/** No chain of commands leads from where an order is to where it should go. */
export type NoPath = { readonly code: 'NO_PATH'; readonly from: OrderStatus; readonly to: OrderStatus };

/** What a walk looks at besides the order; `reason` is written where a command asks for one. */
export type WalkContext = DecideContext & { readonly reason: string };

/** The way an order took: its events, all of one version, and the commands that they came from. */
export type Walk = {
  readonly events: readonly OrderEvent[];
  readonly commands: readonly OrderCommandName[];
};

type Stop = Walk & { readonly order: Order };

/** Where a walk may end but never passes through. */
const ends: readonly OrderStatus[] = ['CANCELLED', 'REFUNDED', 'CLOSED'];

/**
 * Leads an order to a status by the shortest way of the table that its guards let it take (S3-13). An order
 * that is there already stays as it is. When a step on the way is refused and there is no other way, that
 * refusal is the answer.
 */
export function walk(
  order: Order,
  to: OrderStatus,
  context: WalkContext,
): Result<Walk, OrderRefusal | NoPath> {
  const start: Stop = { order, events: [], commands: [] };
  const stops = [start];
  const seen = new Set<OrderStatus>([order.status]);
  let refused: OrderRefusal | null = null;
  for (const stop of stops) {
    if (stop.order.status === to) return ok({ events: stop.events, commands: stop.commands });
    for (const transition of transitions) {
      if (transition.from !== stop.order.status || seen.has(transition.to)) continue;
      if (ends.includes(transition.to) && transition.to !== to) continue;
      const next = stepped(stop, transition.command, { ...context, version: order.version });
      if (next.ok) {
        seen.add(transition.to);
        stops.push(next.value);
      } else if (leads(transition.to, to)) refused ??= next.error;
    }
  }
  return err(refused ?? { code: 'NO_PATH', from: order.status, to });
}

/** Whether the table has a way from one status to another that passes through no end. */
function leads(from: OrderStatus, to: OrderStatus): boolean {
  if (from === to || ends.includes(from)) return from === to;
  return transitions.some((transition) => transition.from === from && leads(transition.to, to));
}

type StepContext = WalkContext & { readonly version: number };

/** One command further; its events belong to the version that the walk as a whole leads to. */
function stepped(stop: Stop, name: OrderCommandName, context: StepContext): Result<Stop, OrderRefusal> {
  const { version, reason } = context;
  const before = { ...stop.order, version };
  const command = commandOf(name, before, reason);
  if (!command) return err({ code: 'INVALID_TRANSITION', from: before.status, command: name });
  const decided = decide(before, command, context);
  if (!decided.ok) return decided;
  return ok({
    order: decided.value.reduce(evolve, before),
    events: [...stop.events, ...decided.value],
    commands: [...stop.commands, name],
  });
}

/** The command of a name, as a walk gives it; a walk begins no order. */
function commandOf(name: OrderCommandName, { total }: Order, reason: string): OrderCommand | null {
  switch (name) {
    case 'createDraft':
    case 'placeOrder':
      return null;
    case 'confirmDraft':
      return { type: name, declaredTotal: total };
    case 'shipOrder':
      return { type: name, trackingNumber: null };
    case 'discardDraft':
    case 'cancelOrder':
    case 'refundOrder':
      return { type: name, reason };
    default:
      return { type: name };
  }
}
