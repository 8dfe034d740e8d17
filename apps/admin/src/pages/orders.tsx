import { Box, Button, MultiSelect, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { fulfillmentFacets, paymentFacets, statuses } from '@orderloom/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { createRoute } from '@tanstack/react-router';
import { ListFilter, Plus, ReceiptText, SearchX } from 'lucide-react';
import { z } from 'zod';
import { frame } from '../frame.tsx';
import { useMayPlace } from '../frame/places.ts';
import { usePaging } from '../paging.ts';
import { failureText } from '../refusal.ts';
import { failureOf, type Outputs, trpc } from '../trpc.ts';
import { Ago } from '../ui/date.tsx';
import { ButtonTo, LinkTo } from '../ui/link.tsx';
import { Money } from '../ui/money.tsx';
import { Page } from '../ui/page.tsx';
import { SearchBox } from '../ui/search.tsx';
import { Empty, FailureNote } from '../ui/state.tsx';
import {
  fulfillmentStatusText,
  OrderPill,
  orderStatusText,
  PaidPill,
  paymentStatusText,
  SentPill,
} from '../ui/status.tsx';
import { createAppColumnHelper, Pager, Table, useAppTable } from '../ui/table.tsx';

type Row = Outputs['orders']['list']['items'][number];

const many = <Word extends string>(words: readonly Word[]) =>
  z.array(z.enum(words)).min(1).optional().catch(undefined);
const Search = z.object({
  search: z.coerce.string().min(1).max(200).optional().catch(undefined),
  status: many(statuses),
  paymentStatus: many(paymentFacets),
  fulfillmentStatus: many(fulfillmentFacets),
  cursor: z.string().optional().catch(undefined),
});
type Search = z.output<typeof Search>;

export const ordersRoute = createRoute({
  getParentRoute: () => frame,
  path: '/orders',
  validateSearch: Search,
  component: OrdersPage,
});

const nameOf = ({ number, id }: Row) => number ?? id;

const column = createAppColumnHelper<Row>();
const columns = column.columns([
  column.accessor('number', {
    header: 'Order',
    cell: ({ row: { original } }) => <Name of={original} />,
  }),
  column.accessor('createdAt', {
    header: 'Placed',
    meta: { from: 'md' },
    cell: ({ getValue }) => <Ago at={getValue()} />,
  }),
  column.accessor('customerName', {
    header: 'Customer',
    meta: { from: 'xs' },
    cell: ({ getValue }) => getValue() ?? <Text c="dimmed">No customer</Text>,
  }),
  column.accessor('status', {
    header: 'Status',
    meta: { from: 'xs' },
    cell: ({ getValue }) => <OrderPill is={getValue()} />,
  }),
  column.accessor('paymentStatus', {
    header: 'Payment',
    meta: { from: 'sm' },
    cell: ({ getValue }) => <PaidPill is={getValue()} />,
  }),
  column.accessor('fulfillmentStatus', {
    header: 'Fulfilment',
    meta: { from: 'md' },
    cell: ({ getValue }) => <SentPill is={getValue()} />,
  }),
  column.accessor('pieces', { header: 'Pieces', meta: { align: 'end', from: 'lg' } }),
  column.accessor('total', {
    header: 'Total',
    meta: { align: 'end' },
    cell: ({ row: { original } }) => <Money amount={original.total} currency={original.currency} strong />,
  }),
]);

/** The link of the row; on a phone the customer and the status, whose columns are hidden there. */
const Name = ({ of }: { readonly of: Row }) => (
  <>
    <LinkTo to="/orders/$id" params={{ id: nameOf(of) }} fw={600} style={{ whiteSpace: 'nowrap' }}>
      {of.number ?? 'Draft'}
    </LinkTo>
    <Box hiddenFrom="xs">
      <Text size="xs" c="dimmed" mb={4}>
        {of.customerName ?? 'No customer'}
      </Text>
      <OrderPill is={of.status} />
    </Box>
  </>
);

function OrdersPage() {
  const search = ordersRoute.useSearch();
  const navigate = ordersRoute.useNavigate();
  const mayPlace = useMayPlace();
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(
    trpc.orders.list.queryOptions({ ...search, limit: 25 }, { placeholderData: keepPreviousData }),
  );
  const table = useAppTable({ columns, data: data?.items ?? none, getRowId: (row) => row.id });
  const paging = usePaging({
    cursor: search.cursor,
    next: data?.nextCursor,
    turn: ({ cursor, walked }) =>
      navigate({ search: (before) => ({ ...before, cursor }), state: { walked } }),
  });
  const failure = error && failureOf(error);
  return (
    <Page title="Orders" actions={mayPlace && <PlaceOrder />}>
      <section className="ol-card" aria-label="All orders">
        <Filters search={search} onChange={(changed) => void navigate({ search: changed })} />
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
            caption="Orders, newest first"
            loading={isPending}
            stale={isPlaceholderData}
            onRow={(row) => void navigate({ to: '/orders/$id', params: { id: nameOf(row) } })}
            empty={<NoOrders search={search} onClear={() => void navigate({ search: {} })} />}
          />
        )}
        <Pager what="orders" {...paging} />
      </section>
    </Page>
  );
}

const none: readonly Row[] = [];

const PlaceOrder = () => (
  <ButtonTo to="/orders/new" leftSection={<Plus size={18} aria-hidden />}>
    Place an order
  </ButtonTo>
);

type FilterProps = { readonly search: Search; readonly onChange: (changed: Search) => void };

/** A changed filter starts again at the first page. */
function Filters({ search, onChange }: FilterProps) {
  const [opened, { toggle }] = useDisclosure();
  const { cursor: _, ...kept } = search;
  const active = [kept.status, kept.paymentStatus, kept.fulfillmentStatus].filter(Boolean).length;
  return (
    <Box component="search" p="md" className="ol-filters" aria-label="Filter orders">
      <SearchBox
        label="Search"
        placeholder="Number, customer, email …"
        value={kept.search ?? ''}
        onSearch={(text) => onChange({ ...kept, search: text || undefined })}
      />
      <Button
        hiddenFrom="sm"
        variant="default"
        leftSection={<ListFilter size={16} aria-hidden />}
        aria-expanded={opened}
        onClick={toggle}
      >
        {active > 0 ? `Filters (${active})` : 'Filters'}
      </Button>
      <Choose
        label="Order status"
        opened={opened}
        words={statuses}
        text={orderStatusText}
        chosen={kept.status}
        onChoose={(status) => onChange({ ...kept, status })}
      />
      <Choose
        label="Payment status"
        opened={opened}
        words={paymentFacets}
        text={paymentStatusText}
        chosen={kept.paymentStatus}
        onChoose={(paymentStatus) => onChange({ ...kept, paymentStatus })}
      />
      <Choose
        label="Fulfilment status"
        opened={opened}
        words={fulfillmentFacets}
        text={fulfillmentStatusText}
        chosen={kept.fulfillmentStatus}
        onChoose={(fulfillmentStatus) => onChange({ ...kept, fulfillmentStatus })}
      />
    </Box>
  );
}

type ChooseProps<Word extends string> = {
  readonly label: string;
  readonly opened: boolean;
  readonly words: readonly Word[];
  readonly text: (word: Word) => string;
  readonly chosen: readonly Word[] | undefined;
  readonly onChoose: (chosen: Word[] | undefined) => void;
};

const Choose = <Word extends string>({
  label,
  opened,
  words,
  text,
  chosen = [],
  onChoose,
}: ChooseProps<Word>) => (
  <MultiSelect
    label={label}
    placeholder={chosen.length > 0 ? '' : 'Any'}
    {...(!opened && { visibleFrom: 'sm' })}
    data={words.map((word) => ({ value: word, label: text(word) }))}
    value={[...chosen]}
    onChange={(values) => {
      const next = words.filter((word) => values.includes(word));
      onChoose(next.length > 0 ? next : undefined);
    }}
    clearable
    clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
    hidePickedOptions
    maxDropdownHeight={420}
  />
);

function NoOrders({ search, onClear }: { readonly search: Search; readonly onClear: () => void }) {
  const mayPlace = useMayPlace();
  const filtered = Object.values(search).some((value) => value !== undefined);
  return filtered ? (
    <Empty
      icon={SearchX}
      title="No orders match"
      action={
        <Button variant="default" onClick={onClear}>
          Clear search and filters
        </Button>
      }
    >
      Try fewer filters, or another part of the number.
    </Empty>
  ) : (
    <Empty icon={ReceiptText} title="No orders yet" action={mayPlace && <PlaceOrder />}>
      Orders appear here as soon as they are placed, by you or through the API.
    </Empty>
  );
}
