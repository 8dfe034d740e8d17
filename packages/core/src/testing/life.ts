import type { OrderCommand } from '../order/commands.ts';
import { consequences, type Consequences } from '../order/consequences.ts';
import { decide, type DecideContext } from '../order/decide.ts';
import { draft } from '../order/draft.ts';
import type { OrderEvent } from '../order/events.ts';
import { evolve } from '../order/evolve.ts';
import { nextActions, type OrderCommandName, type OrderPolicy } from '../order/lifecycle.ts';
import type { Order } from '../order/order.ts';
import { place, type PlaceRequest } from '../order/place.ts';
import { aShelf, aShelfItem, everyCommand, ids, rules } from './builders.ts';

/** What somebody tries next: a command, or (`next`) one of the steps that the order's state offers. */
export type Wish = { readonly command: OrderCommand } | { readonly next: number };

/** How an order begins and what is tried on it. */
export type LifePlan = {
  /** `drafted` begins with an empty draft, `written` with one into which the lines are written next. */
  readonly begin: 'placed' | 'drafted' | 'written';
  readonly request: PlaceRequest;
  readonly policy: OrderPolicy;
  readonly wishes: readonly Wish[];
};

/** One committed command: the order before and after it, its events, and what followed from each. */
export type Step = {
  readonly before: Order | null;
  readonly after: Order;
  readonly events: readonly OrderEvent[];
  readonly consequences: readonly Consequences[];
};

/** A whole order life, step by step; what was refused has left no trace. */
export function live(plan: LifePlan): readonly Step[] {
  const context = {
    policy: plan.policy,
    rules: rules({ newId: ids(), gateway: true }),
    house: richHouse(plan.request),
  };
  const begun = plan.begin === 'placed' ? placed(plan.request, context) : [draft(plan.request, 'USD')];
  if (begun.length === 0) return [];
  let step = stepOf(null, begun);
  const steps = [step];
  const lines: Wish = { command: { type: 'editOrder', lines: plan.request.lines } };
  for (const [at, wish] of [plan.begin === 'written' ? lines : [], plan.wishes].flat().entries()) {
    const command = commandOf(wish, step.after, plan);
    if (!command) continue;
    const decided = decide(step.after, command, { ...context, at: momentOf(at) });
    if (!decided.ok || decided.value.length === 0) continue;
    step = stepOf(step.after, decided.value);
    steps.push(step);
  }
  return steps;
}

const placed = (
  request: PlaceRequest,
  { house, rules }: Omit<DecideContext, 'at'>,
): readonly OrderEvent[] => {
  const [answer] = place([request], house, rules);
  return answer?.ok ? answer.value.events : [];
};

/** A house in which everything can be had, at two places, and paid. */
const richHouse = ({ customerId }: PlaceRequest): DecideContext['house'] => ({
  shelf: aShelf(
    ...['tea', 'cup', 'pot'].map((variantId, at) =>
      aShelfItem({
        variantId,
        price: 333 * (at + 1),
        taxClass: at % 2 === 0 ? 'standard' : 'reduced',
        levels: [
          { locationId: 'main', sellable: 7 },
          { locationId: 'backroom', sellable: 1_000 },
        ],
      }),
    ),
  ),
  purses: new Map(customerId === null ? [] : [[customerId, 1_000_000]]),
});

const momentOf = (at: number): string => new Date(Date.UTC(2026, 10, 21, 10, 0, at)).toISOString();

function stepOf(before: Order | null, events: readonly OrderEvent[]): Step {
  let order = before;
  const followed: Consequences[] = [];
  for (const event of events) {
    followed.push(consequences(order, event));
    order = evolve(order, event);
  }
  if (!order) throw new RangeError('a step has events');
  return { before, after: order, events, consequences: followed };
}

/** Payments are wished for by position, because their ids are not known before they exist. */
function commandOf(wish: Wish, order: Order, plan: LifePlan): OrderCommand | undefined {
  if ('next' in wish) {
    const actions = nextActions(order, plan.policy).filter(({ refusal }) => refusal === null);
    const action = actions[wish.next % Math.max(1, actions.length)];
    return action && statusCommand(action.command, order);
  }
  const { command } = wish;
  if (command.type === 'refund') {
    // Lines are wished for by position, as payments are.
    const lines = command.lines.flatMap(({ lineId, quantity }) => {
      const line = order.lines[Number(lineId) % Math.max(1, order.lines.length)];
      return line ? [{ lineId: line.id, quantity }] : [];
    });
    return { ...command, lines };
  }
  if (!('paymentId' in command)) return command;
  const payment = order.payments[Number(command.paymentId) % Math.max(1, order.payments.length)];
  return payment && { ...command, paymentId: payment.id };
}

function statusCommand(name: OrderCommandName, { lines, total }: Order): OrderCommand | undefined {
  if (name === 'createDraft' || name === 'placeOrder') return undefined;
  if (name === 'confirmDraft' && lines.length > 0) return { type: name, declaredTotal: total };
  return everyCommand[name];
}
