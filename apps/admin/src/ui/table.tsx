import { Button, Group, Skeleton, Table as Grid } from '@mantine/core';
import {
  createTableHook,
  metaHelper,
  type ReactTable,
  type RowData,
  tableFeatures,
} from '@tanstack/react-table';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';

/** How a column lies: figures to the end of the cell; `from` hides it on screens that are narrower. */
type Lie = { readonly align?: 'end'; readonly from?: 'xs' | 'sm' | 'md' | 'lg'; readonly nowrap?: boolean };

export const { useAppTable, createAppColumnHelper, appFeatures } = createTableHook({
  features: tableFeatures({ columnMeta: metaHelper<Lie>() }),
});

type Props<Row extends RowData> = {
  readonly table: ReactTable<typeof appFeatures, Row>;
  /** What the table lists, for those who cannot see it. */
  readonly caption: string;
  /** Shown instead of rows: first use, or a filter that nothing passes. */
  readonly empty?: ReactNode;
  readonly loading?: boolean;
  /** Rows of the page before, while the next one is read. */
  readonly stale?: boolean;
  readonly onRow?: (row: Row) => void;
};

/** The one table of the console. Sorting, filtering and paging are the server's. */
export function Table<Row extends RowData>({ table, caption, empty, loading, stale, onRow }: Props<Row>) {
  const rows = table.getRowModel().rows;
  const headers = table.getHeaderGroups().flatMap((group) => group.headers);
  if (!loading && rows.length === 0) return empty;
  return (
    <Grid
      className={stale ? 'ol-table ol-busy' : 'ol-table'}
      verticalSpacing="sm"
      horizontalSpacing="md"
      aria-busy={loading}
    >
      <Grid.Caption hidden>{caption}</Grid.Caption>
      <Grid.Thead>
        <Grid.Tr>
          {headers.map((header) => (
            <Grid.Th key={header.id} scope="col" {...lie(header.column.columnDef.meta)}>
              <table.FlexRender header={header} />
            </Grid.Th>
          ))}
        </Grid.Tr>
      </Grid.Thead>
      <Grid.Tbody>
        {loading
          ? Array.from({ length: 8 }, (_, at) => (
              <Blank key={at} cells={headers.map((h) => lie(h.column.columnDef.meta))} />
            ))
          : rows.map((row) => (
              <Grid.Tr
                key={row.id}
                data-link={onRow ? true : undefined}
                onClick={(event) => onRow && opens(event) && onRow(row.original)}
              >
                {row.getAllCells().map((cell) => (
                  <Grid.Td key={cell.id} {...lie(cell.column.columnDef.meta)}>
                    <table.FlexRender cell={cell} />
                  </Grid.Td>
                ))}
              </Grid.Tr>
            ))}
      </Grid.Tbody>
    </Grid>
  );
}

const Blank = ({ cells }: { readonly cells: readonly ReturnType<typeof lie>[] }) => (
  <Grid.Tr>
    {cells.map((cell, at) => (
      <Grid.Td key={at} {...cell}>
        <Skeleton height={18} my={3} />
      </Grid.Td>
    ))}
  </Grid.Tr>
);

const lie = (meta: Lie | undefined) => ({
  'data-align': meta?.align,
  'data-nowrap': meta?.nowrap || undefined,
  ...(meta?.from && { visibleFrom: meta.from }),
});

/** Links and buttons in a row do their own work; a marked text is being copied, not opened. */
const opens = (event: MouseEvent<HTMLElement>): boolean =>
  event.target instanceof Element &&
  event.target.closest('a, button, input, label') === null &&
  window.getSelection()?.isCollapsed !== false;

type PagerProps = {
  readonly onPrevious: (() => void) | null;
  readonly onNext: (() => void) | null;
  readonly what: string;
};

/** Walks through a list page by page; a page that is not there cannot be asked for. */
export const Pager = ({ onPrevious, onNext, what }: PagerProps) => (
  <Group component="nav" aria-label={`Pages of ${what}`} justify="flex-end" gap="xs" p="sm">
    <Button
      variant="default"
      leftSection={<ChevronLeft size={16} aria-hidden />}
      disabled={onPrevious === null}
      onClick={() => onPrevious?.()}
    >
      Previous
    </Button>
    <Button
      variant="default"
      rightSection={<ChevronRight size={16} aria-hidden />}
      disabled={onNext === null}
      onClick={() => onNext?.()}
    >
      Next
    </Button>
  </Group>
);

type MoreProps = {
  readonly shown: boolean;
  readonly busy: boolean;
  readonly onMore: () => void;
  readonly what: string;
};

/** Lengthens a history that is a part of a page. */
export const More = ({ shown, busy, onMore, what }: MoreProps) =>
  shown && (
    <Group justify="center" p="sm">
      <Button variant="default" loading={busy} onClick={onMore}>
        Show more {what}
      </Button>
    </Group>
  );
