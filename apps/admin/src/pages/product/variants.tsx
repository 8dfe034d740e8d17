import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { PackagePlus, SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../session.ts';
import { type Outputs, trpc } from '../../trpc.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Money } from '../../ui/money.tsx';
import { Card, Facts } from '../../ui/page.tsx';
import { createAppColumnHelper, Table, useAppTable } from '../../ui/table.tsx';
import { StockForm } from './stock-form.tsx';
import { StockPill } from './stock-pill.tsx';

export type Product = Outputs['products']['get'];
export type Level = Outputs['stock']['levels'][number];
type Variant = Product['variants'][number];

const column = createAppColumnHelper<Level>();
const columns = column.columns([
  column.accessor('locationName', { header: 'Location' }),
  column.accessor('onHand', { header: 'On hand', meta: { align: 'end' } }),
  column.accessor('reserved', { header: 'Reserved', meta: { align: 'end', from: 'xs' } }),
  column.accessor('available', { header: 'Available', meta: { align: 'end' } }),
]);

/** The variants of a product: price, and what lies where. */
export function Variants({ product }: { readonly product: Product }) {
  const may = useMay();
  const { data: levels = none } = useQuery(
    trpc.stock.levels.queryOptions({ id: product.id }, { enabled: may('stock:read') }),
  );
  return product.variants.map((variant) => (
    <VariantCard
      key={variant.id}
      variant={variant}
      product={product}
      levels={levels.filter(({ variantId }) => variantId === variant.id)}
    />
  ));
}

const none: readonly Level[] = [];

type CardProps = { readonly variant: Variant; readonly product: Product; readonly levels: readonly Level[] };

function VariantCard({ variant, product, levels }: CardProps) {
  const may = useMay();
  const table = useAppTable({ columns, data: levels, getRowId: ({ locationId }) => locationId });
  const options = Object.entries(variant.options);
  return (
    <Card
      title={product.variants.length > 1 ? `Stock of ${variant.name}` : 'Stock'}
      actions={may('stock:write') && <StockButtons variant={variant} levels={levels} />}
      flush
    >
      <Group p="md" gap="xl" align="flex-start">
        <Facts
          of={[
            ['SKU', variant.sku],
            ['Price', <Money key="price" amount={variant.price} currency={product.currency} strong />],
            ...options.map(([name, value]) => [name, value] as const),
          ]}
        />
        <Stack gap={4} align="flex-start">
          <StockPill available={variant.available} active={product.active} />
          <Text size="sm" c="dimmed">
            {variant.onHand} on hand, {variant.reserved} reserved for orders
          </Text>
        </Stack>
      </Group>
      <Table
        table={table}
        caption={`Stock of ${variant.name} by location`}
        empty={
          <Text size="sm" c="dimmed" px="md" pb="md">
            Nothing lies anywhere yet. Receive stock to sell it.
          </Text>
        }
      />
    </Card>
  );
}

type ButtonProps = { readonly variant: Variant; readonly levels: readonly Level[] };

function StockButtons({ variant, levels }: ButtonProps) {
  const [doing, setDoing] = useState<'receive' | 'adjust' | null>(null);
  const close = () => setDoing(null);
  return (
    <Group gap="xs">
      <Button
        size="sm"
        variant="default"
        leftSection={<PackagePlus size={16} aria-hidden />}
        onClick={() => setDoing('receive')}
      >
        Receive
      </Button>
      <Button
        size="sm"
        variant="default"
        leftSection={<SlidersHorizontal size={16} aria-hidden />}
        onClick={() => setDoing('adjust')}
      >
        Adjust
      </Button>
      <Dialog
        title={doing === 'adjust' ? `Adjust ${variant.name}` : `Receive ${variant.name}`}
        opened={doing !== null}
        onClose={close}
      >
        {doing && <StockForm kind={doing} variantId={variant.id} levels={levels} onDone={close} />}
      </Dialog>
    </Group>
  );
}
