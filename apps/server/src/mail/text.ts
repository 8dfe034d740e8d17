import type { Letter, LetterLine, Sum } from './letter.ts';

/** The letter for mail programs that show no HTML. */
export function textOf(letter: Letter): string {
  const { title, shop, greeting, paragraphs, facts, lines, sums, address, link, closing } = letter;
  const blocks = [
    shop,
    `${title}\n${'='.repeat(title.length)}`,
    greeting,
    ...paragraphs,
    facts.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    lines.map(lineText).join('\n'),
    sumsText(sums),
    address.length > 0 ? [`${letter.addressTitle}:`, ...address].join('\n') : '',
    link ? `${link.label}: ${link.href}` : '',
    `--\n${closing}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const lineText = ({ name, quantity, unitPrice, total, note }: LetterLine): string =>
  `${name}\n  ${quantity} x ${unitPrice} = ${total}${note === null ? '' : ` (${note})`}`;

/** Labels on the left, amounts under each other. */
function sumsText(sums: readonly Sum[]): string {
  const label = Math.max(0, ...sums.map((sum) => sum.label.length));
  const amount = Math.max(0, ...sums.map((sum) => sum.amount.length));
  return sums.map((sum) => `${sum.label.padEnd(label)}  ${sum.amount.padStart(amount)}`).join('\n');
}
