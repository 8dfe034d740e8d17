import { sum } from '@orderloom/core';
import { Text } from '@mantine/core';
import { Money } from '../../ui/money.tsx';
import { Facts } from '../../ui/page.tsx';
import { type DraftLine, subtotalOf } from './draft.ts';

type Props = { readonly lines: readonly DraftLine[]; readonly currency: string; readonly shipping: number };

/** What the order comes to while it is put together; the server answers what it is in the end. */
export function Totals({ lines, currency, shipping }: Props) {
  const subtotal = subtotalOf(lines);
  return (
    <div aria-live="polite">
      <Facts
        of={[
          ['Pieces', lines.reduce((pieces, { quantity }) => pieces + (quantity || 0), 0)],
          ['Subtotal', <Money key="subtotal" amount={subtotal} currency={currency} />],
          ['Shipping', <Money key="shipping" amount={shipping} currency={currency} />],
          [
            'Total before tax',
            <Money key="total" amount={sum([subtotal, shipping])} currency={currency} strong />,
          ],
        ]}
      />
      <Text size="xs" c="dimmed" mt="xs">
        Tax, where the shop charges it, is added when the order is placed.
      </Text>
    </div>
  );
}
