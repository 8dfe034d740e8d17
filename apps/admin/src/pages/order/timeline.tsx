import { Code, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { failureText } from '../../refusal.ts';
import { failureOf, type Outputs, trpc } from '../../trpc.ts';
import { Ago } from '../../ui/date.tsx';
import { moneyText } from '../../ui/money.tsx';
import { Card } from '../../ui/page.tsx';
import { FailureNote } from '../../ui/state.tsx';
import { OrderPill } from '../../ui/status.tsx';
import { eventText } from '../../words.ts';
import type { Order } from './order.ts';

type Happening = Outputs['orders']['timeline'][number];

/** What happened, newest first: who, when, from where to where, and what the event says. */
export function Timeline({ order }: { readonly order: Order }) {
  const { data, error, refetch } = useQuery(trpc.orders.timeline.queryOptions({ id: order.id }));
  const failure = error && failureOf(error);
  return (
    <Card title="Timeline">
      {failure ? (
        <FailureNote
          title="The timeline could not be read"
          requestId={failure.requestId}
          onRetry={() => void refetch()}
        >
          {failureText(failure)}
        </FailureNote>
      ) : data ? (
        <ol className="ol-timeline">
          {data.map((event) => (
            <li key={event.id}>
              <Entry event={event} currency={order.currency} />
            </li>
          ))}
        </ol>
      ) : (
        <Stack component="output" aria-label="Loading the timeline">
          <Skeleton height={20} />
          <Skeleton height={20} width="70%" />
        </Stack>
      )}
    </Card>
  );
}

function Entry({ event, currency }: { readonly event: Happening; readonly currency: string }) {
  const facts = factsOf(event.data, currency);
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" fw={650}>
          {eventText(event.type)}
        </Text>
        {event.to && event.from !== event.to && (
          <Group gap={6}>
            {event.from && (
              <>
                <OrderPill is={event.from} />
                <ArrowRight size={14} aria-label="to" />
              </>
            )}
            <OrderPill is={event.to} />
          </Group>
        )}
      </Group>
      <Text size="sm" c="dimmed" component="div">
        {event.actor} · <Ago at={event.at} />
      </Text>
      {event.reason && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          “{event.reason}”
        </Text>
      )}
      {(facts.length > 0 || event.requestId) && (
        <details>
          <summary>
            <Text span size="sm">
              What was recorded
            </Text>
          </summary>
          <Recorded facts={facts} event={event} />
        </details>
      )}
    </Stack>
  );
}

type Fact = readonly [name: string, value: string];

const Recorded = ({ facts, event }: { readonly facts: readonly Fact[]; readonly event: Happening }) => (
  <Table withRowBorders={false} verticalSpacing={2} mt={4} fz="sm" w="auto">
    <Table.Tbody>
      {[
        ...facts,
        ['version', String(event.version)] as const,
        ['request', event.requestId ?? '–'] as const,
      ].map(([name, value]) => (
        <Table.Tr key={name}>
          <Table.Th scope="row" fw={400} c="dimmed">
            {name}
          </Table.Th>
          <Table.Td>
            <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
          </Table.Td>
        </Table.Tr>
      ))}
    </Table.Tbody>
  </Table>
);

const told = new Set(['type', 'version', 'at', 'reason']);
const isMoney = /(amount|authorized|captured|refunded|voided|cents)$/i;

/** The fields of an event, flat, without those that its entry already shows. */
function factsOf(data: Readonly<Record<string, unknown>>, currency: string, above = ''): Fact[] {
  return Object.entries(data).flatMap(([name, value]): Fact[] => {
    if ((above === '' && told.has(name)) || value === null || value === undefined) return [];
    const path = above + name;
    if (typeof value === 'number' && isMoney.test(name)) return [[path, moneyText(value, currency)]];
    if (typeof value === 'object')
      return factsOf(Object.fromEntries(Object.entries(value)), currency, `${path}.`);
    return [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
}
