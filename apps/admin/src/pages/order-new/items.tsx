import { ActionIcon, Box, Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { PackageSearch, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useSession } from '../../session.ts';
import { trpc } from '../../trpc.ts';
import { Money, moneyText } from '../../ui/money.tsx';
import { Card } from '../../ui/page.tsx';
import { Picker } from '../../ui/search.tsx';
import { Empty } from '../../ui/state.tsx';
import { type DraftLine, lineTotal, nameOf, withPiece } from './draft.ts';

type Shortage = { readonly line: number; readonly requested: number; readonly available: number };
type Props = {
  readonly lines: readonly DraftLine[];
  /** What the server could not serve when it was asked last. */
  readonly shortages: readonly Shortage[];
  readonly errorOf: (line: number) => string | undefined;
  readonly id: string;
  readonly error: string | undefined;
  readonly onChange: (lines: readonly DraftLine[]) => void;
};

/** What is ordered: products are found by name or sku and added line by line. */
export function Items({ lines, shortages, errorOf, id, error, onChange }: Props) {
  const change = (at: number, changed: Partial<DraftLine>) =>
    onChange(lines.map((line, position) => (position === at ? { ...line, ...changed } : line)));
  return (
    <Card title="Products">
      <Stack gap="md">
        <Find id={id} error={error} lines={lines} onChange={onChange} />
        {lines.map((line, at) => (
          <LineRow
            key={line.variant}
            line={line}
            error={errorOf(at)}
            short={shortages.find((shortage) => shortage.line === at)}
            onQuantity={(quantity) => change(at, { quantity })}
            onRemove={() => onChange(lines.filter((_, position) => position !== at))}
          />
        ))}
        {lines.length === 0 && (
          <Empty icon={PackageSearch} title="No products yet">
            Search above. Each product shows its price and how many are available.
          </Empty>
        )}
      </Stack>
    </Card>
  );
}

type FindProps = Pick<Props, 'id' | 'error' | 'lines' | 'onChange'>;

function Find({ id, error, lines, onChange }: FindProps) {
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search.trim(), 200);
  const { data, isFetching, isPlaceholderData } = useQuery(
    trpc.products.list.queryOptions({ search: asked, limit: 10 }, { placeholderData: keepPreviousData }),
  );
  const offered = (data?.items ?? [])
    .filter(({ active }) => active)
    .flatMap((product) => product.variants.map((variant) => ({ product, variant })));
  return (
    <Picker
      id={id}
      error={error}
      label="Add a product"
      placeholder="Name or SKU"
      search={search}
      onSearch={setSearch}
      loading={isFetching}
      stale={isPlaceholderData || asked !== search.trim()}
      choices={offered.map(({ product, variant }) => ({
        key: variant.id,
        label: nameOf(product, variant),
        detail: variant.sku,
        end: (
          <>
            {moneyText(variant.price, product.currency)}
            <Text size="xs" c="dimmed">
              {variant.available} available
            </Text>
          </>
        ),
      }))}
      onPick={(key) => {
        const found = offered.find(({ variant }) => variant.id === key);
        if (found) onChange(withPiece(lines, found.product, found.variant));
        setSearch('');
      }}
    />
  );
}

type RowProps = {
  readonly line: DraftLine;
  readonly error: string | undefined;
  readonly short: Shortage | undefined;
  readonly onQuantity: (quantity: number) => void;
  readonly onRemove: () => void;
};

function LineRow({ line, error, short, onQuantity, onRemove }: RowProps) {
  const { currency } = useSession().tenant;
  const available = short?.available ?? line.available;
  const shortText =
    short || line.quantity > line.available
      ? `Only ${available} available, ${short?.requested ?? line.quantity} wanted.`
      : undefined;
  return (
    <Box component="fieldset" className="ol-group" aria-label={line.name}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Box miw={160} flex={1}>
          <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
            {line.name}
          </Text>
          <Text size="sm" c="dimmed">
            {line.sku} · {moneyText(line.price, currency)} each · {available} available
          </Text>
        </Box>
        <Group gap="sm" align="flex-start" wrap="nowrap">
          <NumberInput
            aria-label={`Quantity of ${line.name}`}
            w={110}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            allowNegative={false}
            value={Number.isNaN(line.quantity) ? '' : line.quantity}
            error={Boolean(error ?? shortText)}
            onChange={(value) => onQuantity(typeof value === 'number' ? value : Number.NaN)}
          />
          <Text miw={96} ta="end" pt={7} component="div">
            <Money amount={lineTotal(line)} currency={currency} strong />
          </Text>
          <ActionIcon onClick={onRemove} aria-label={`Remove ${line.name}`}>
            <Trash2 size={18} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      {(error ?? shortText) && (
        <Group gap="sm" justify="flex-end" mt={4}>
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {error ?? shortText}
          </Text>
          {shortText && available > 0 && (
            <Button size="compact-sm" variant="default" onClick={() => onQuantity(available)}>
              Order {available}
            </Button>
          )}
        </Group>
      )}
    </Box>
  );
}
