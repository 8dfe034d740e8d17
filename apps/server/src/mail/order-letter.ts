import { formatMoney, type Line, linesOf, type Order, type Refund, sum } from '@orderloom/core';
import { type Fact, type Letter, type LetterLine, oneLine, type Sum } from './letter.ts';
import type { OrderMailKind, OrderNews } from './news.ts';
import { words } from './words.ts';

/** The letter that tells the customer of an order what has happened to it. */
export function orderLetter(news: OrderNews): Letter {
  const { kind, order, refund } = news;
  const shop = oneLine(news.shop);
  const number = oneLine(order.number ?? '');
  const said = words[kind](news);
  return {
    subject: oneLine(`${said.subject.replace('#', () => number).trim()} - ${shop}`).slice(0, 200),
    title: said.title,
    shop,
    greeting: greetingTo(news.customer),
    paragraphs: said.paragraphs,
    facts: [...orderFacts(order, number), ...said.facts].map(clean).filter(({ value }) => value !== ''),
    lines: linesOf(order).map((line) => lineIn(line, order, kind)),
    sums: sumsOf(order, refund),
    addressTitle: 'Shipping address',
    address: addressOf(order),
    link: null,
    closing: `You get this mail because you ordered from ${shop}.`,
  };
}

export const greetingTo = (name: string): string => {
  const called = oneLine(name);
  return called === '' ? 'Hello,' : `Hello ${called},`;
};

const clean = ({ label, value }: Fact): Fact => ({ label, value: oneLine(value) });

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

const orderFacts = ({ placedAt }: Order, number: string): Fact[] => [
  { label: 'Order', value: number },
  { label: 'Ordered on', value: placedAt === null ? '' : date.format(new Date(placedAt)) },
];

function lineIn(line: Line, { currency }: Order, kind: OrderMailKind): LetterLine {
  const { quantity, shippedQuantity } = line;
  const partly = kind === 'shipping_update' && shippedQuantity < quantity;
  return {
    name: oneLine(line.name),
    quantity,
    unitPrice: formatMoney(line.unitPrice, currency),
    total: formatMoney(line.total, currency),
    note: partly ? `${shippedQuantity} of ${quantity} sent so far` : null,
  };
}

/** How the lines add up to the total; an order of an agreed total has nothing to add up. */
function sumsOf(order: Order, refund: Refund | null): Sum[] {
  const { currency, declaredTotal } = order;
  const row = (label: string, amount: number, strong = false): Sum[] => [
    { label, amount: formatMoney(amount, currency), strong },
  ];
  const back = refund ? sum(refund.parts.map(({ amount }) => amount)) : 0;
  const before = refund ? order.refunded - back : 0;
  return [
    ...(declaredTotal === null ? row('Subtotal', order.subtotal) : []),
    ...(order.discount > 0 ? row('Discount', -order.discount) : []),
    ...(declaredTotal === null ? [...row('Shipping', order.shipping), ...row('Tax', order.tax)] : []),
    ...row(`Total in ${currency}`, order.total, true),
    ...(before > 0 ? row('Refunded before', before) : []),
    ...(back > 0 ? row('Refunded now', back, true) : []),
  ];
}

function addressOf({ shippingAddress: to }: Order): string[] {
  if (!to) return [];
  const place = `${to.postcode} ${to.city}${to.region ? `, ${to.region}` : ''}`;
  return [to.name, to.line1, to.line2, place, to.country]
    .map((part) => oneLine(part ?? ''))
    .filter((part) => part !== '');
}
