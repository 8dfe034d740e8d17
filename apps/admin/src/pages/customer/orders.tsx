import { Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { historyOptions } from '../../paging.ts';
import { failureText } from '../../refusal.ts';
import { client, failureOf, type Outputs, trpc } from '../../trpc.ts';
import { Ago } from '../../ui/date.tsx';
import { LinkTo } from '../../ui/link.tsx';
import { Money } from '../../ui/money.tsx';
import { Card } from '../../ui/page.tsx';
import { FailureNote } from '../../ui/state.tsx';
import { OrderPill, PaidPill } from '../../ui/status.tsx';
import { createAppColumnHelper, More, Table, useAppTable } from '../../ui/table.tsx';

type Row = Outputs['orders']['list']['items'][number];

const column = createAppColumnHelper<Row>();
const columns = column.columns([
  column.accessor('number', {
    header: 'Order',
    cell: ({ row: { original } }) => (
      <LinkTo to="/orders/$id" params={{ id: original.number ?? original.id }} fw={600}>
        {original.number ?? 'Draft'}
      </LinkTo>
    ),
  }),
  column.accessor('createdAt', {
    header: 'Placed',
    meta: { from: 'sm' },
    cell: ({ getValue }) => <Ago at={getValue()} />,
  }),
  column.accessor('status', { header: 'Status', cell: ({ getValue }) => <OrderPill is={getValue()} /> }),
  column.accessor('paymentStatus', {
    header: 'Payment',
    meta: { from: 'sm' },
    cell: ({ getValue }) => <PaidPill is={getValue()} />,
  }),
  column.accessor('total', {
    header: 'Total',
    meta: { align: 'end' },
    cell: ({ row: { original } }) => <Money amount={original.total} currency={original.currency} strong />,
  }),
]);

const none: readonly Row[] = [];

/** The orders of a customer, newest first. */
export function CustomerOrders({ customerId }: { readonly customerId: string }) {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(
      historyOptions(trpc.orders.list.pathKey(), customerId, (cursor) =>
        client.orders.list.query({ customer: customerId, limit: 10, cursor }),
      ),
    );
  const rows = data?.pages.flatMap(({ items }) => items) ?? none;
  const table = useAppTable({ columns, data: rows, getRowId: ({ id }) => id });
  const failure = error && failureOf(error);
  return (
    <Card title="Orders" flush>
      {failure ? (
        <FailureNote
          title="The orders could not be read"
          requestId={failure.requestId}
          onRetry={() => void refetch()}
        >
          {failureText(failure)}
        </FailureNote>
      ) : (
        <Table
          table={table}
          caption="Orders of the customer, newest first"
          loading={isPending}
          empty={
            <Text size="sm" c="dimmed" p="md">
              No orders yet.
            </Text>
          }
        />
      )}
      <More shown={hasNextPage} busy={isFetchingNextPage} onMore={() => void fetchNextPage()} what="orders" />
    </Card>
  );
}
