import { describe, expect, it } from 'vitest';
import { aLine, anOrder, aContext, everyCommand, policy } from '../testing.ts';
import { decide } from './decide.ts';
import { evolve } from './evolve.ts';
import { can, nextActions, orderCommands, refusalOf, transitionOf, transitions } from './lifecycle.ts';
import { type Order, type OrderStatus, statuses } from './order.ts';

// The matrix of the state machine, written down once more by hand: rows from, columns to.
const matrix: Record<OrderStatus, string> = {
  DRAFT: '. T3 T4 . . . . T5 . .',
  PENDING: '. . T6 . . . . T7 . .',
  CONFIRMED: '. . . T8 T9 . . T10 . T11',
  PROCESSING: '. . . . T12 . . T13 . .',
  SHIPPED: '. . . . . T14 T15 T16 T17 .',
  OUT_FOR_DELIVERY: '. . . . . . T18 T19 T20 .',
  DELIVERED: '. . . . . . . T21 T22 T23',
  CANCELLED: '. . . . . . . . T24 .',
  REFUNDED: '. . . . . . . . . .',
  CLOSED: '. . . . . . . . . .',
};

const left: readonly OrderStatus[] = ['SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED', 'CANCELLED'];

/** An order in which no guard but the state itself stands in the way. */
const free = (status: OrderStatus, command: string): Order => {
  const open = { quantity: 2 };
  const gone = { quantity: 2, shippedQuantity: 2 };
  const hasLeft = left.includes(status);
  const empty = command === 'confirmDraft' || command === 'closeOrder';
  const lines = empty ? [] : [aLine(hasLeft ? gone : open)];
  const parcel = { id: 'f', locationId: 'main', lines: [], trackingNumber: null, status: 'SHIPPED' } as const;
  return anOrder({ status, lines, fulfillments: hasLeft ? [parcel] : [] });
};

const pairs = statuses.flatMap((status) => orderCommands.map((command) => ({ status, command })));
const decidable = pairs.flatMap(({ status, command }) =>
  command === 'createDraft' || command === 'placeOrder' ? [] : [{ status, command }],
);

describe('the table of transitions', () => {
  it('is the matrix, T1 to T24', () => {
    expect(transitions.map(({ id }) => id)).toEqual(Array.from({ length: 24 }, (_, at) => `T${at + 1}`));
    for (const from of statuses)
      for (const [at, cell] of matrix[from].split(' ').entries())
        expect(transitions.find((one) => one.from === from && one.to === statuses[at])?.id ?? '.').toBe(cell);
  });

  it('begins a new order as a draft or pending', () => {
    expect(transitionOf(null, 'createDraft')).toMatchObject({ id: 'T1', to: 'DRAFT' });
    expect(transitionOf(null, 'placeOrder')).toMatchObject({ id: 'T2', to: 'PENDING' });
    expect(transitionOf(null, 'confirmOrder')).toBeUndefined();
  });

  it('never leads one command from one state to two', () => {
    const ways = transitions.map(({ from, command }) => `${from} ${command}`);
    expect(new Set(ways).size).toBe(ways.length);
  });
});

describe('every command in every state', () => {
  it.each(decidable)('$command when $status', ({ status, command }) => {
    const order = free(status, command);
    const decided = decide(order, everyCommand[command], aContext());
    const transition = transitionOf(status, command);
    expect(can(order, command, policy())).toBe(transition !== undefined);
    expect(decided.ok ? decided.value.reduce(evolve, order).status : decided.error).toEqual(
      transition?.to ?? { code: 'INVALID_TRANSITION', from: status, command },
    );
  });

  it.each(statuses)('is refused when %s for commands that begin an order', (from) => {
    for (const command of ['createDraft', 'placeOrder'] as const)
      expect(refusalOf(anOrder({ status: from }), command, policy())).toEqual({
        code: 'INVALID_TRANSITION',
        from,
        command,
      });
  });
});

describe('an order that must be paid first', () => {
  const unpaid = { code: 'PAYMENT_REQUIRED', total: 2_500, paid: 500 };
  const owed = { paid: 1_000, refunded: 500 };

  it('is not confirmed where the tenant wants it paid before', () => {
    const before = policy({ requirePaidBefore: 'confirm' });
    expect(refusalOf(anOrder(owed), 'confirmOrder', before)).toEqual(unpaid);
    expect(refusalOf(anOrder({ ...owed, status: 'CONFIRMED' }), 'shipOrder', before)).toEqual(unpaid);
    expect(refusalOf(anOrder({ paid: 2_500 }), 'confirmOrder', before)).toBeNull();
  });

  it('is confirmed yet not shipped where that is what the tenant wants', () => {
    const before = policy({ requirePaidBefore: 'ship' });
    expect(refusalOf(anOrder(owed), 'confirmOrder', before)).toBeNull();
    expect(refusalOf(anOrder({ ...owed, status: 'PROCESSING' }), 'shipOrder', before)).toEqual(unpaid);
  });

  it('needs no money when it costs nothing', () => {
    const free = anOrder({ lines: [aLine({ unitPrice: 0 })] });
    expect(refusalOf(free, 'confirmOrder', policy({ requirePaidBefore: 'confirm' }))).toBeNull();
  });
});

describe('closing a confirmed order', () => {
  it('is refused while pieces are open', () => {
    const order = anOrder({ status: 'CONFIRMED', lines: [aLine({ quantity: 3, cancelledQuantity: 1 })] });
    expect(refusalOf(order, 'closeOrder', policy())).toEqual({ code: 'ORDER_HAS_OPEN_LINES', open: 2 });
  });

  it('is possible without lines', () => {
    expect(can(anOrder({ status: 'CONFIRMED', lines: [] }), 'closeOrder', policy())).toBe(true);
  });
});

describe('cancelling what has left the house', () => {
  it.each(['SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'] as const)('is up to the policy when %s', (status) => {
    const refusal = { code: 'CANCEL_AFTER_SHIPPING', from: status };
    expect(refusalOf(anOrder({ status }), 'cancelOrder', policy({ cancelShipped: false }))).toEqual(refusal);
    expect(refusalOf(anOrder({ status }), 'cancelOrder', policy())).toBeNull();
  });

  it.each(['PENDING', 'CONFIRMED', 'PROCESSING'] as const)('is no question when %s', (status) => {
    expect(refusalOf(anOrder({ status }), 'cancelOrder', policy({ cancelShipped: false }))).toBeNull();
  });
});

describe('refunding a cancelled order', () => {
  it('is refused when nothing had been shipped: its money is back already', () => {
    const order = anOrder({ status: 'CANCELLED' });
    expect(refusalOf(order, 'refundOrder', policy())).toEqual({ code: 'NOTHING_SHIPPED' });
  });
});

describe('what could come next', () => {
  it('lists the commands of the state in the order of the table, with what stands in their way', () => {
    expect(nextActions(anOrder({ status: 'CONFIRMED' }), policy())).toEqual([
      { command: 'startProcessing', to: 'PROCESSING', refusal: null },
      { command: 'shipOrder', to: 'SHIPPED', refusal: null },
      { command: 'cancelOrder', to: 'CANCELLED', refusal: null },
      { command: 'closeOrder', to: 'CLOSED', refusal: { code: 'ORDER_HAS_OPEN_LINES', open: 1 } },
    ]);
  });

  it.each(['REFUNDED', 'CLOSED'] as const)('is nothing when %s', (status) => {
    expect(nextActions(anOrder({ status }), policy())).toEqual([]);
  });
});
