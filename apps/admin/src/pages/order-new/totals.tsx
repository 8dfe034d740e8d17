import { Text } from '@mantine/core';
import { Money } from '../../ui/money.tsx';
import { Facts } from '../../ui/page.tsx';
import { type DraftLine, subtotalOf } from './draft.ts';

type Props = { readonly lines: readonly DraftLine[]; readonly currency: string; readonly shipped: boolean };

/** What the order comes to so far; the server adds what the shop charges around the lines. */
export const Totals = ({ lines, currency, shipped }: Props) => (
  <div aria-live="polite">
    <Facts
      of={[
        ['Pieces', lines.reduce((pieces, { quantity }) => pieces + (quantity || 0), 0)],
        ['Subtotal', <Money key="subtotal" amount={subtotalOf(lines)} currency={currency} strong />],
      ]}
    />
    <Text size="xs" c="dimmed" mt="xs">
      {shipped ? 'Shipping and tax are added' : 'Tax is added'} when the order is placed.
    </Text>
  </div>
);
