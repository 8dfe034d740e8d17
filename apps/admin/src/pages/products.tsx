import { Box, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createRoute } from '@tanstack/react-router';
import { Boxes, Plus, SearchX } from 'lucide-react';
import { z } from 'zod';
import { frame } from '../frame.tsx';
import { usePaging } from '../paging.ts';
import { failureText } from '../refusal.ts';
import { useMay } from '../session.ts';
import { failureOf, type Outputs, trpc } from '../trpc.ts';
import { Dialog } from '../ui/dialog.tsx';
import { LinkTo } from '../ui/link.tsx';
import { Money } from '../ui/money.tsx';
import { Page } from '../ui/page.tsx';
import { SearchBox } from '../ui/search.tsx';
import { Empty, FailureNote } from '../ui/state.tsx';
import { createAppColumnHelper, Pager, Table, useAppTable } from '../ui/table.tsx';
import { CreateProductForm } from './product/create.tsx';
import { StockPill } from './product/stock-pill.tsx';

type Row = Outputs['products']['list']['items'][number];

const Search = z.object({
  search: z.coerce.string().min(1).max(200).optional().catch(undefined),
  cursor: z.string().optional().catch(undefined),
});

export const productsRoute = createRoute({
  getParentRoute: () => frame,
  path: '/products',
  validateSearch: Search,
  component: ProductsPage,
});

const column = createAppColumnHelper<Row>();
const columns = column.columns([
  column.accessor('name', {
    header: 'Product',
    cell: ({ row: { original } }) => (
      <LinkTo to="/products/$id" params={{ id: String(original.ref) }} fw={600}>
        {original.name}
      </LinkTo>
    ),
  }),
  column.accessor('sku', { header: 'SKU', meta: { from: 'sm' } }),
  column.accessor('store.name', { header: 'Store', meta: { from: 'md' } }),
  column.accessor('available', {
    header: 'Stock',
    cell: ({ row: { original } }) => <StockPill available={original.available} active={original.active} />,
  }),
  column.accessor('price', {
    header: 'Price',
    meta: { align: 'end' },
    cell: ({ row: { original } }) => <Money amount={original.price} currency={original.currency} />,
  }),
]);

const none: readonly Row[] = [];

function ProductsPage() {
  const search = productsRoute.useSearch();
  const navigate = productsRoute.useNavigate();
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(
    trpc.products.list.queryOptions({ ...search, limit: 25 }, { placeholderData: keepPreviousData }),
  );
  const table = useAppTable({ columns, data: data?.items ?? none, getRowId: (row) => row.id });
  const paging = usePaging({
    cursor: search.cursor,
    next: data?.nextCursor,
    turn: ({ cursor, walked }) =>
      navigate({ search: (before) => ({ ...before, cursor }), state: { walked } }),
  });
  const find = (text: string) => void navigate({ search: { search: text || undefined } });
  const failure = error && failureOf(error);
  return (
    <Page title="Products" actions={<Create />}>
      <section className="ol-card" aria-label="All products">
        <Box component="search" display="block" p="md" maw={420} aria-label="Find products">
          <SearchBox label="Search" placeholder="Name or SKU" value={search.search ?? ''} onSearch={find} />
        </Box>
        {failure ? (
          <FailureNote
            title="The products could not be read"
            requestId={failure.requestId}
            onRetry={() => void refetch()}
          >
            {failureText(failure)}
          </FailureNote>
        ) : (
          <Table
            table={table}
            caption="Products"
            loading={isPending}
            stale={isPlaceholderData}
            onRow={(row) => void navigate({ to: '/products/$id', params: { id: String(row.ref) } })}
            empty={<NoProducts filtered={search.search !== undefined} onClear={() => find('')} />}
          />
        )}
        <Pager what="products" {...paging} />
      </section>
    </Page>
  );
}

function Create() {
  const may = useMay();
  const [opened, { open, close }] = useDisclosure();
  if (!may('products:write')) return null;
  return (
    <>
      <Button leftSection={<Plus size={18} aria-hidden />} onClick={open}>
        Create a product
      </Button>
      <Dialog title="Create a product" opened={opened} onClose={close}>
        <CreateProductForm onDone={close} />
      </Dialog>
    </>
  );
}

const NoProducts = ({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) =>
  filtered ? (
    <Empty
      icon={SearchX}
      title="No products match"
      action={
        <Button variant="default" onClick={onClear}>
          Clear the search
        </Button>
      }
    >
      Try a part of the name, or the whole SKU.
    </Empty>
  ) : (
    <Empty icon={Boxes} title="No products yet">
      Create the first product; then receive stock on its page.
    </Empty>
  );
