import { Body } from '@react-email/body';
import { Container } from '@react-email/container';
import { Head } from '@react-email/head';
import { Heading } from '@react-email/heading';
import { Hr } from '@react-email/hr';
import { Html } from '@react-email/html';
import { Link } from '@react-email/link';
import { Preview } from '@react-email/preview';
import { render } from '@react-email/render';
import { Section } from '@react-email/section';
import { Text } from '@react-email/text';
import { createElement as h, type ReactElement, type ReactNode } from 'react';
import type { Letter, LetterLine, Sum } from './letter.ts';
import { looks, sheet } from './style.ts';

/** The letter as a page of HTML that mail programs understand. */
export const htmlOf = (letter: Letter): Promise<string> => render(h(Page, letter));

function Page(letter: Letter): ReactElement {
  const { title, shop, greeting, paragraphs, closing } = letter;
  const said = [greeting, ...paragraphs].filter((text) => text !== '');
  return h(
    Html,
    { lang: 'en' },
    h(
      Head,
      null,
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'color-scheme', content: 'light dark' }),
      h('meta', { name: 'supported-color-schemes', content: 'light dark' }),
      h('title', null, letter.subject),
      h('style', null, sheet),
    ),
    h(
      Body,
      { style: looks.body },
      h(Preview, null, paragraphs[0] ?? title),
      h(
        Section,
        { className: 'page', style: looks.page },
        h(
          Container,
          { className: 'card line', style: looks.card },
          h(Text, { className: 'soft', style: looks.shop }, shop),
          h(Hr, { className: 'line', style: looks.rule }),
          h(Heading, { as: 'h1', className: 'ink', style: looks.title }, title),
          ...said.map((text) => h(Text, { className: 'ink', style: looks.text }, text)),
          ...content(letter),
          h(Hr, { className: 'line', style: looks.rule }),
          h(Text, { className: 'soft', style: looks.closing }, closing),
        ),
      ),
    ),
  );
}

/** Whatever of it there is; an alert has no lines, an order without an address no address. */
function content({ facts, lines, sums, addressTitle, address, link }: Letter): ReactNode[] {
  const parts: ReactNode[] = [];
  if (facts.length > 0) parts.push(h(Facts, { facts }));
  if (lines.length > 0) parts.push(h(Lines, { lines }));
  if (sums.length > 0) parts.push(h(Sums, { sums }));
  if (address.length > 0)
    parts.push(
      h(Text, { className: 'soft', style: looks.heading }, addressTitle),
      h(Text, { className: 'ink', style: looks.address }, ...broken(address)),
    );
  if (link) {
    const { label, href } = link;
    const anchor = h(Link, { href, target: '_blank', className: 'link', style: looks.link }, label);
    parts.push(h(Text, { style: looks.linkText }, anchor));
  }
  return parts;
}

const broken = (texts: readonly string[]): ReactNode[] =>
  texts.flatMap((text, at) => (at === 0 ? [text] : [h('br'), text]));

const table = (role: string | undefined, body: ReactNode): ReactElement =>
  h('table', { role, border: 0, cellPadding: 0, cellSpacing: 0, style: looks.table }, body);

const Facts = ({ facts }: Pick<Letter, 'facts'>): ReactElement =>
  table(
    undefined,
    h(
      'tbody',
      null,
      ...facts.map(({ label, value }) =>
        h(
          'tr',
          null,
          h('th', { scope: 'row', className: 'soft', style: looks.factLabel }, label),
          h('td', { className: 'ink', style: looks.factValue }, value),
        ),
      ),
    ),
  );

const Lines = ({ lines }: Pick<Letter, 'lines'>): ReactElement => {
  const column = (name: string, textAlign: 'left' | 'right') =>
    h('th', { scope: 'col', className: 'soft line', style: { ...looks.columnTitle, textAlign } }, name);
  return h(
    'div',
    { style: { marginTop: '28px' } },
    table(
      undefined,
      h(
        'tbody',
        null,
        h('tr', null, column('Item', 'left'), column('Amount', 'right')),
        ...lines.map((line) => h(Line, line)),
      ),
    ),
  );
};

const Line = ({ name, quantity, unitPrice, total, note }: LetterLine): ReactElement =>
  h(
    'tr',
    null,
    h(
      'th',
      { scope: 'row', className: 'ink line', style: looks.item },
      name,
      h('span', { className: 'soft', style: looks.detail }, `${quantity} × ${unitPrice}`),
      note === null ? null : h('span', { className: 'soft', style: looks.detail }, note),
    ),
    h('td', { className: 'ink line', style: looks.price }, total),
  );

const Sums = ({ sums }: { readonly sums: readonly Sum[] }): ReactElement =>
  h(
    'div',
    { style: { marginTop: '12px' } },
    table(
      undefined,
      h(
        'tbody',
        null,
        ...sums.map(({ label, amount, strong }) => {
          const weight = strong ? looks.strong : {};
          return h(
            'tr',
            null,
            h(
              'th',
              {
                scope: 'row',
                className: strong ? 'ink' : 'soft',
                style: { ...looks.sumLabel, ...weight },
              },
              label,
            ),
            h('td', { className: 'ink', style: { ...looks.sum, ...weight } }, amount),
          );
        }),
      ),
    ),
  );
