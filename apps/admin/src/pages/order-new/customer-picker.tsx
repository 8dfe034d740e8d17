import { Button, Group, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { trpc } from '../../trpc.ts';
import { moneyText } from '../../ui/money.tsx';
import { Picker } from '../../ui/search.tsx';
import type { Customer } from './draft.ts';

type Props = { readonly customer: Customer | null; readonly onPick: (customer: Customer | null) => void };

/** Who the order is for: found by name, email or code. */
export const CustomerPicker = ({ customer, onPick }: Props) =>
  customer ? <Chosen customer={customer} onChange={() => onPick(null)} /> : <Find onPick={onPick} />;

function Find({ onPick }: { readonly onPick: (customer: Customer) => void }) {
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search.trim(), 200);
  const { data, isFetching, isPlaceholderData } = useQuery(
    trpc.customers.list.queryOptions({ search: asked, limit: 8 }, { placeholderData: keepPreviousData }),
  );
  const items = data?.items ?? [];
  return (
    <Picker
      label="Customer"
      placeholder="Name, email or code. May stay empty."
      search={search}
      onSearch={setSearch}
      loading={isFetching}
      stale={isPlaceholderData || asked !== search.trim()}
      choices={items.map(({ id, name, email, code, balance, currency }) => ({
        key: id,
        label: name,
        detail: `${email} · ${code}`,
        end: moneyText(balance, currency),
      }))}
      onPick={(id) => {
        const found = items.find((item) => item.id === id);
        if (found) onPick(found);
      }}
    />
  );
}

const Chosen = ({ customer, onChange }: { readonly customer: Customer; readonly onChange: () => void }) => (
  <Group
    component="fieldset"
    className="ol-group"
    justify="space-between"
    wrap="nowrap"
    align="flex-start"
    aria-label="Customer"
  >
    <Stack gap={0} miw={0}>
      <Text size="sm" c="dimmed">
        Customer
      </Text>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {customer.name}
      </Text>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {customer.email} · {moneyText(customer.balance, customer.currency)} balance
      </Text>
    </Stack>
    <Button
      size="compact-sm"
      flex="none"
      variant="default"
      onClick={onChange}
      aria-label="Change the customer"
    >
      Change
    </Button>
  </Group>
);
