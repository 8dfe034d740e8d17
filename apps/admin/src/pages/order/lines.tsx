import { Box, Group, Text } from '@mantine/core';
import { LinkTo } from '../../ui/link.tsx';
import { Money, moneyText } from '../../ui/money.tsx';
import { Card, Facts } from '../../ui/page.tsx';
import { createAppColumnHelper, Table, useAppTable } from '../../ui/table.tsx';
import type { Order } from './order.ts';

type Line = Order['lines'][number];
type Row = Line & { readonly currency: string };

const column = createAppColumnHelper<Row>();
const columns = column.columns([
  column.accessor('name', {
    header: 'Product',
    cell: ({ row: { original } }) => <Product line={original} />,
  }),
  column.accessor('unitPrice', {
    header: 'Price',
    meta: { align: 'end', from: 'xs' },
    cell: ({ row: { original } }) => <Money amount={original.unitPrice} currency={original.currency} />,
  }),
  column.accessor('quantity', {
    header: 'Quantity',
    meta: { align: 'end' },
    cell: ({ row: { original } }) => <Quantity line={original} />,
  }),
  column.accessor('total', {
    header: 'Total',
    meta: { align: 'end' },
    cell: ({ row: { original } }) => <Money amount={original.total} currency={original.currency} />,
  }),
]);

const Product = ({ line }: { readonly line: Row }) => (
  <>
    <LinkTo to="/products/$id" params={{ id: line.productId }} fw={550}>
      {line.name}
    </LinkTo>
    <Text size="xs" c="dimmed">
      {line.sku}
    </Text>
    <Text size="xs" c="dimmed" hiddenFrom="xs">
      {moneyText(line.unitPrice, line.currency)} each
    </Text>
  </>
);

/** How many pieces, and how far they are. */
const Quantity = ({ line }: { readonly line: Row }) => {
  const far = [
    line.cancelledQuantity > 0 && `${line.cancelledQuantity} cancelled`,
    line.shippedQuantity > line.deliveredQuantity && `${line.shippedQuantity} shipped`,
    line.deliveredQuantity > 0 && `${line.deliveredQuantity} delivered`,
  ].filter(Boolean);
  return (
    <>
      {line.quantity}
      {far.length > 0 && (
        <Text size="xs" c="dimmed">
          {far.join(', ')}
        </Text>
      )}
    </>
  );
};

/** What was ordered, and what it comes to. */
export function Lines({ order }: { readonly order: Order }) {
  const data = order.lines.map((line) => ({ ...line, currency: order.currency }));
  const table = useAppTable({ columns, data, getRowId: (line) => line.id });
  return (
    <Card title="Items" flush>
      <Table
        table={table}
        caption="Items of the order"
        empty={
          <Text p="md" c="dimmed">
            This order has no items; its total was agreed on.
          </Text>
        }
      />
      <Group justify="flex-end" p="md">
        <Box miw={240}>
          <Totals order={order} />
        </Box>
      </Group>
    </Card>
  );
}

function Totals({ order }: { readonly order: Order }) {
  const { currency } = order;
  const amount = (value: number) => <Money amount={value} currency={currency} />;
  return (
    <Facts
      of={[
        ['Subtotal', amount(order.subtotal)],
        ...(order.discount > 0 ? [['Discount', amount(-order.discount)] as const] : []),
        [order.shippingMethod ? `Shipping (${order.shippingMethod})` : 'Shipping', amount(order.shipping)],
        ['Tax', amount(order.tax)],
        ['Total', <Money key="total" amount={order.total} currency={currency} strong />],
        ['Paid', amount(order.paid)],
        ...(order.refunded > 0 ? [['Given back', amount(order.refunded)] as const] : []),
        ['Open', amount(order.openAmount)],
      ]}
    />
  );
}
