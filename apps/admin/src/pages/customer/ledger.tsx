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
import { createAppColumnHelper, More, Table, useAppTable } from '../../ui/table.tsx';

type Row = Outputs['customers']['ledger']['items'][number];

const column = createAppColumnHelper<Row>();
const columns = column.columns([
  column.accessor('at', { header: 'When', cell: ({ getValue }) => <Ago at={getValue()} /> }),
  column.accessor('memo', { header: 'What', cell: ({ row: { original } }) => <What of={original} /> }),
  column.accessor('actor', { header: 'By', meta: { from: 'md' } }),
  column.accessor('amount', {
    header: 'Amount',
    meta: { align: 'end' },
    cell: ({ row: { original } }) => <Money amount={original.amount} currency={original.currency} />,
  }),
  column.accessor('balance', {
    header: 'Balance',
    meta: { align: 'end', from: 'xs' },
    cell: ({ row: { original } }) => <Money amount={original.balance} currency={original.currency} strong />,
  }),
]);

const What = ({ of }: { readonly of: Row }) => (
  <>
    {of.memo}
    {of.orderId && (
      <>
        {' · '}
        <LinkTo underline="always" to="/orders/$id" params={{ id: of.orderNumber ?? of.orderId }}>
          {of.orderNumber ?? 'a draft'}
        </LinkTo>
      </>
    )}
  </>
);

const none: readonly Row[] = [];

/** Every movement of a customer's balance, with what was there afterwards. */
export function Ledger({ customerId }: { readonly customerId: string }) {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(
      historyOptions(trpc.customers.ledger.pathKey(), customerId, (cursor) =>
        client.customers.ledger.query({ id: customerId, limit: 15, cursor }),
      ),
    );
  const rows = data?.pages.flatMap(({ items }) => items) ?? none;
  const table = useAppTable({ columns, data: rows, getRowId: ({ id }) => id });
  const failure = error && failureOf(error);
  return (
    <Card title="Ledger" flush>
      {failure ? (
        <FailureNote
          title="The ledger could not be read"
          requestId={failure.requestId}
          onRetry={() => void refetch()}
        >
          {failureText(failure)}
        </FailureNote>
      ) : (
        <Table
          table={table}
          caption="Movements of the balance, newest first"
          loading={isPending}
          empty={
            <Text size="sm" c="dimmed" p="md">
              The balance has not moved yet.
            </Text>
          }
        />
      )}
      <More
        shown={hasNextPage}
        busy={isFetchingNextPage}
        onMore={() => void fetchNextPage()}
        what="movements"
      />
    </Card>
  );
}
