import type { FeedEvent } from '../feed.ts';
import { greetingTo } from './order-letter.ts';
import { type Letter, oneLine } from './letter.ts';

const titles: Readonly<Record<string, string>> = {
  'inventory.unreachable': 'The catalogue cannot be reached',
  'cart.unreachable': 'The carts cannot be reached',
  'mail.undeliverable': 'A mail could not be delivered',
};

type Alert = {
  readonly event: Pick<FeedEvent, 'type' | 'at' | 'data'>;
  readonly shop: string;
  readonly reader: string;
  readonly publicUrl: string;
};

/** The mail that wakes an administrator: what is wrong, since when, and what was seen of it. */
export function alertMail({ event, shop, reader, publicUrl }: Alert): Letter {
  const title = titles[event.type] ?? 'Something needs your attention';
  const named = oneLine(shop);
  const value = (name: string): string => {
    const found = event.data[name];
    return typeof found === 'string' ? oneLine(found) : '';
  };
  const facts = [
    { label: 'What', value: value('subject') },
    { label: 'Seen', value: value('detail') },
    { label: 'Since', value: `${event.at.slice(0, 16).replace('T', ' ')} UTC` },
  ];
  return {
    subject: oneLine(`Alert: ${title} - ${named}`).slice(0, 200),
    title,
    shop: named,
    greeting: greetingTo(reader),
    paragraphs: [
      'Something outside does not work as it should.',
      'You are told once, however often it fails until it works again.',
    ],
    facts: facts.filter((fact) => fact.value !== ''),
    lines: [],
    sums: [],
    addressTitle: '',
    address: [],
    link: { label: 'Open the console', href: `${publicUrl}/admin/` },
    closing: `You get this mail because you administer ${named}.`,
  };
}
