import { Box, Grid, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { frame } from '../frame.tsx';
import { failureText } from '../refusal.ts';
import { failureOf, queryClient, trpc } from '../trpc.ts';
import { Ago } from '../ui/date.tsx';
import { LinkTo } from '../ui/link.tsx';
import { Page } from '../ui/page.tsx';
import { FailureNote, Waiting } from '../ui/state.tsx';
import { OrderPill, PaidPill, SentPill } from '../ui/status.tsx';
import { Actions } from './order/actions.tsx';
import { Conflict } from './order/conflict.tsx';
import { Details } from './order/details.tsx';
import { Fulfillments } from './order/fulfillments.tsx';
import { Lines } from './order/lines.tsx';
import type { Order } from './order/order.ts';
import { Payments } from './order/payments.tsx';
import { Timeline } from './order/timeline.tsx';

export const orderRoute = createRoute({
  getParentRoute: () => frame,
  path: '/orders/$id',
  // Pointing at a row reads the order; opening it does not wait for it.
  loader: ({ params }) => void queryClient.prefetchQuery(trpc.orders.get.queryOptions(params)),
  component: OrderPage,
});

function OrderPage() {
  const { id } = orderRoute.useParams();
  const { data: order, error, refetch } = useQuery(trpc.orders.get.queryOptions({ id }));
  if (order) return <Shown order={order} key={order.id} />;
  if (!error) return <Waiting what="the order" />;
  const failure = failureOf(error);
  return (
    <Page
      title={`Order ${id}`}
      under={
        <LinkTo to="/orders" underline="always">
          All orders
        </LinkTo>
      }
    >
      <FailureNote
        title="The order could not be read"
        requestId={failure.requestId}
        onRetry={() => void refetch()}
      >
        {failureText(failure)}
      </FailureNote>
    </Page>
  );
}

function Shown({ order }: { readonly order: Order }) {
  /** The version that the user was looking at when somebody else had been faster. */
  const [seen, setSeen] = useState<number | null>(null);
  const onConflict = () => setSeen(order.version);
  return (
    <Page
      title={order.number ?? 'Draft order'}
      beside={<Pills order={order} />}
      under={<Placed order={order} />}
      actions={<Actions order={order} onConflict={onConflict} />}
    >
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Stack gap="md">
            <Lines order={order} />
            <Payments order={order} onConflict={onConflict} />
            <Fulfillments order={order} />
            <Timeline order={order} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Details order={order} />
        </Grid.Col>
      </Grid>
      <Conflict order={order} seen={seen} onClose={() => setSeen(null)} />
    </Page>
  );
}

const Pills = ({ order }: { readonly order: Order }) => (
  <Group component="ul" className="ol-list" gap={6} aria-label="Status">
    <li>
      <OrderPill is={order.status} />
    </li>
    <li>
      <PaidPill is={order.paymentStatus} />
    </li>
    <li>
      <SentPill is={order.fulfillmentStatus} />
    </li>
  </Group>
);

const Placed = ({ order }: { readonly order: Order }) => (
  <Box>
    <LinkTo to="/orders" underline="always">
      All orders
    </LinkTo>
    <Text span inherit>
      {order.placedAt ? ' · Placed ' : ' · Started '}
    </Text>
    <Ago at={order.placedAt ?? order.createdAt} />
    {order.store && ` · ${order.store.name}`}
  </Box>
);
