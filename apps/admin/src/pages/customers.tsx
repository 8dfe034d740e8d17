import { Box, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createRoute } from '@tanstack/react-router';
import { Plus, SearchX, Users } from 'lucide-react';
import { z } from 'zod';
import { frame } from '../frame.tsx';
import { usePaging } from '../paging.ts';
import { failureText } from '../refusal.ts';
import { useMay } from '../session.ts';
import { failureOf, type Outputs, trpc } from '../trpc.ts';
import { Ago } from '../ui/date.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { LinkTo } from '../ui/link.tsx';
import { Money } from '../ui/money.tsx';
import { Page } from '../ui/page.tsx';
import { SearchBox } from '../ui/search.tsx';
import { Empty, FailureNote } from '../ui/state.tsx';
import { createAppColumnHelper, Pager, Table, useAppTable } from '../ui/table.tsx';
import { CreateCustomerForm } from './customer/create.tsx';

type Row = Outputs['customers']['list']['items'][number];

const Search = z.object({
  search: z.coerce.string().min(1).max(200).optional().catch(undefined),
  cursor: z.string().optional().catch(undefined),
});

export const customersRoute = createRoute({
  getParentRoute: () => frame,
  path: '/customers',
  validateSearch: Search,
  component: CustomersPage,
});

const column = createAppColumnHelper<Row>();
const columns = column.columns([
  column.accessor('name', {
    header: 'Customer',
    cell: ({ row: { original } }) => (
      <LinkTo to="/customers/$id" params={{ id: String(original.ref) }} fw={600}>
        {original.name}
      </LinkTo>
    ),
  }),
  column.accessor('email', { header: 'Email', meta: { from: 'sm' } }),
  column.accessor('code', { header: 'Code', meta: { from: 'md' } }),
  column.accessor('createdAt', {
    header: 'Since',
    meta: { from: 'md' },
    cell: ({ getValue }) => <Ago at={getValue()} />,
  }),
  column.accessor('balance', {
    header: 'Balance',
    meta: { align: 'end' },
    cell: ({ row: { original } }) => <Money amount={original.balance} currency={original.currency} />,
  }),
]);

const none: readonly Row[] = [];

function CustomersPage() {
  const search = customersRoute.useSearch();
  const navigate = customersRoute.useNavigate();
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(
    trpc.customers.list.queryOptions({ ...search, limit: 25 }, { placeholderData: keepPreviousData }),
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
    <Page title="Customers" actions={<Create />}>
      <section className="ol-card" aria-label="All customers">
        <Box component="search" display="block" p="md" maw={420} aria-label="Find customers">
          <SearchBox
            label="Search"
            placeholder="Name, email or code"
            value={search.search ?? ''}
            onSearch={find}
          />
        </Box>
        {failure ? (
          <FailureNote
            title="The customers could not be read"
            requestId={failure.requestId}
            onRetry={() => void refetch()}
          >
            {failureText(failure)}
          </FailureNote>
        ) : (
          <Table
            table={table}
            caption="Customers"
            loading={isPending}
            stale={isPlaceholderData}
            onRow={(row) => void navigate({ to: '/customers/$id', params: { id: String(row.ref) } })}
            empty={<NoCustomers filtered={search.search !== undefined} onClear={() => find('')} />}
          />
        )}
        <Pager what="customers" {...paging} />
      </section>
    </Page>
  );
}

function Create() {
  const may = useMay();
  const [opened, { open, close }] = useDisclosure();
  if (!may('customers:write')) return null;
  return (
    <>
      <Button leftSection={<Plus size={18} aria-hidden />} onClick={open}>
        Create a customer
      </Button>
      <Dialog title="Create a customer" opened={opened} onClose={close}>
        <CreateCustomerForm onDone={close} />
      </Dialog>
    </>
  );
}

const NoCustomers = ({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) =>
  filtered ? (
    <Empty
      icon={SearchX}
      title="No customers match"
      action={
        <Button variant="default" onClick={onClear}>
          Clear the search
        </Button>
      }
    >
      Try a part of the name or of the email address.
    </Empty>
  ) : (
    <Empty icon={Users} title="No customers yet">
      Create the first customer, or let the API do it.
    </Empty>
  );
