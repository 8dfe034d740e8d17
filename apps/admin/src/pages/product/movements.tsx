import { Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { historyOptions } from '../../paging.ts';
import { failureText } from '../../refusal.ts';
import { client, failureOf, type Outputs, trpc } from '../../trpc.ts';
import { Ago } from '../../ui/date.tsx';
import { LinkTo } from '../../ui/link.tsx';
import { Card } from '../../ui/page.tsx';
import { FailureNote } from '../../ui/state.tsx';
import { createAppColumnHelper, More, Table, useAppTable } from '../../ui/table.tsx';
import { moveText } from '../../words.ts';
import type { Product } from './variants.tsx';

type Row = Outputs['stock']['movements']['items'][number];

const signed = (pieces: number) => (pieces > 0 ? `+${pieces}` : pieces === 0 ? '–' : String(pieces));

const column = createAppColumnHelper<Row>();
const columns = column.columns([
  column.accessor('at', { header: 'When', cell: ({ getValue }) => <Ago at={getValue()} /> }),
  column.accessor('kind', { header: 'What', cell: ({ row: { original } }) => <What of={original} /> }),
  column.accessor('locationName', { header: 'Location', meta: { from: 'sm' } }),
  column.accessor('onHand', {
    header: 'On hand',
    meta: { align: 'end' },
    cell: ({ getValue }) => signed(getValue()),
  }),
  column.accessor('reserved', {
    header: 'Reserved',
    meta: { align: 'end', from: 'xs' },
    cell: ({ getValue }) => signed(getValue()),
  }),
  column.accessor('actor', { header: 'By', meta: { from: 'md' } }),
]);

const What = ({ of }: { readonly of: Row }) => (
  <>
    {moveText(of.kind)}
    {of.orderId && (
      <>
        {' for '}
        <LinkTo underline="always" to="/orders/$id" params={{ id: of.orderNumber ?? of.orderId }}>
          {of.orderNumber ?? 'a draft'}
        </LinkTo>
      </>
    )}
    {of.reason && (
      <Text size="xs" c="dimmed">
        {of.reason}
      </Text>
    )}
  </>
);

const none: readonly Row[] = [];

/** Every movement of the product's stock, with its cause. */
export function Movements({ product }: { readonly product: Product }) {
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(
      historyOptions(trpc.stock.movements.pathKey(), product.id, (cursor) =>
        client.stock.movements.query({ id: product.id, limit: 20, cursor }),
      ),
    );
  const rows = data?.pages.flatMap(({ items }) => items) ?? none;
  const table = useAppTable({ columns, data: rows, getRowId: ({ id }) => id });
  const failure = error && failureOf(error);
  return (
    <Card title="Movements" flush>
      {failure ? (
        <FailureNote
          title="The movements could not be read"
          requestId={failure.requestId}
          onRetry={() => void refetch()}
        >
          {failureText(failure)}
        </FailureNote>
      ) : (
        <Table
          table={table}
          caption="Stock movements, newest first"
          loading={isPending}
          empty={
            <Text size="sm" c="dimmed" p="md">
              Nothing has moved yet.
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
