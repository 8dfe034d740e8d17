import { Text, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight } from '@mantine/spotlight';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { LogOut, type LucideIcon, Moon, Plus, ReceiptText, Search, Zap } from 'lucide-react';
import { useState } from 'react';
import { trpc } from '../trpc.ts';
import { moneyText } from '../ui/money.tsx';
import { orderStatusText } from '../ui/status.tsx';
import { useSignOut } from './account.tsx';
import { usePageActions } from './page-actions.ts';
import { useMayPlace, usePlaces } from './places.ts';
import { useScheme } from './scheme.tsx';

type Entry = {
  readonly id: string;
  readonly text: string;
  readonly icon: LucideIcon;
  readonly run: () => unknown;
};
type Group = { readonly title: string; readonly entries: readonly Entry[] };

/** Ctrl or Cmd-K: go to a page, find an order by its number, act on what is open. */
export function Palette() {
  const [query, setQuery] = useState('');
  const groups = useCommands().map(({ title, entries }) => ({
    title,
    entries: entries.filter(({ text }) => text.toLowerCase().includes(query.trim().toLowerCase())),
  }));
  const orders = useOrders(query);
  const found = [...groups, { title: 'Orders', entries: orders.entries }].filter(
    ({ entries }) => entries.length > 0,
  );
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut="mod + K"
      centered={false}
      overlayProps={{ blur: 1 }}
      title={<VisuallyHidden>Find or do</VisuallyHidden>}
      classNames={{ header: 'ol-no-header' }}
    >
      <Spotlight.Search
        placeholder="Find an order, go to a page, do something …"
        aria-label="Find or do"
        onKeyDown={(event) => event.key === 'Enter' && takeFirst(event.currentTarget)}
        leftSection={<Search size={18} aria-hidden />}
      />
      <Spotlight.ActionsList aria-label="Results">
        {found.map(({ title, entries }) => (
          <Spotlight.ActionsGroup label={title} key={title}>
            {entries.map(({ id, text, icon: Icon, run }) => (
              <Spotlight.Action
                key={id}
                label={text}
                leftSection={<Icon size={18} aria-hidden />}
                onClick={() => void run()}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {found.length === 0 && (
          <Spotlight.Empty>
            <Text inherit component="output">
              {orders.loading ? 'Looking …' : 'Nothing matches. Try an order number.'}
            </Text>
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** Results that came in late have none selected yet: Enter then means the first. */
function takeFirst(search: HTMLElement): void {
  const dialog = search.closest('[role="dialog"]');
  if (dialog?.querySelector('[data-selected]')) return;
  const first = dialog?.querySelector('[data-action]');
  if (first instanceof HTMLElement) first.click();
}

function useCommands(): readonly Group[] {
  const navigate = useNavigate();
  const places = usePlaces();
  const mayPlace = useMayPlace();
  const scheme = useScheme();
  const signOut = useSignOut();
  const here = usePageActions().map((action) => ({ ...action, icon: Zap }));
  const going = places.map(({ to, text, icon }) => ({
    id: to,
    text: `Go to ${text}`,
    icon,
    run: () => navigate({ to }),
  }));
  const placing: Entry[] = mayPlace
    ? [{ id: 'place', text: 'Place an order', icon: Plus, run: () => navigate({ to: '/orders/new' }) }]
    : [];
  const colours = scheme.dark ? 'Use light colours' : 'Use dark colours';
  return [
    { title: 'On this page', entries: here },
    { title: 'Go to', entries: going },
    {
      title: 'Do',
      entries: [
        ...placing,
        { id: 'colours', text: colours, icon: Moon, run: scheme.toggle },
        { id: 'sign-out', text: 'Sign out', icon: LogOut, run: () => signOut.mutate() },
      ],
    },
  ];
}

function useOrders(query: string) {
  const navigate = useNavigate();
  const [search] = useDebouncedValue(query.trim(), 200);
  const { data, isFetching, isPlaceholderData } = useQuery(
    trpc.orders.list.queryOptions(
      { search, limit: 6 },
      { enabled: search.length > 1, placeholderData: keepPreviousData },
    ),
  );
  const items = search.length > 1 && query.trim() !== '' ? (data?.items ?? []) : [];
  const entries: Entry[] = items.map((order) => ({
    id: order.id,
    text: [
      order.number ?? 'Draft',
      order.customerName ?? 'no customer',
      moneyText(order.total, order.currency),
      orderStatusText(order.status),
    ].join(' · '),
    icon: ReceiptText,
    run: () => navigate({ to: '/orders/$id', params: { id: order.number ?? order.id } }),
  }));
  // What an earlier search has found must not be opened by this one.
  const stale = isPlaceholderData || search !== query.trim();
  const fitting = entries.filter(({ text }) => text.toLowerCase().includes(query.trim().toLowerCase()));
  return { entries: stale ? fitting : entries, loading: isFetching || stale };
}
