import { exponentOf, formatMoney, type Minor } from '@orderloom/core';
import { Text } from '@mantine/core';

/** An amount as people write it: `2999` USD is `$29.99`. Never rounds: it is made from minor units. */
export function moneyText(amount: Minor, currency: string): string {
  const digits = exponentOf(currency);
  const format = new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const text = formatMoney(amount, currency);
  return isNumeric(text) ? format.format(text) : text;
}

const isNumeric = (text: string): text is Intl.StringNumericLiteral =>
  text !== '' && !Number.isNaN(Number(text));

type Props = { readonly amount: Minor; readonly currency: string; readonly strong?: boolean };

export const Money = ({ amount, currency, strong = false }: Props) => (
  <Text span inherit fw={strong ? 650 : undefined} style={{ whiteSpace: 'nowrap' }}>
    {moneyText(amount, currency)}
  </Text>
);
