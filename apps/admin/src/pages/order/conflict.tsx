import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { trpc } from '../../trpc.ts';
import { Ago } from '../../ui/date.tsx';
import { OrderPill, PaidPill, SentPill } from '../../ui/status.tsx';
import { eventText } from '../../words.ts';
import type { Order } from './order.ts';

type Props = { readonly order: Order; readonly seen: number | null; readonly onClose: () => void };

/** Somebody was faster: what they did, what the order is now, and that nothing of ours was saved. */
export function Conflict({ order, seen, onClose }: Props) {
  const { data: events = [] } = useQuery(
    trpc.orders.timeline.queryOptions({ id: order.id }, { enabled: seen !== null }),
  );
  const news = events.filter(({ version }) => version > (seen ?? order.version));
  return (
    <Modal
      title="This order was changed meanwhile"
      opened={seen !== null}
      onClose={onClose}
      role="alertdialog"
    >
      <Stack gap="md">
        <Text size="sm">
          Your change was not saved, because it was meant for the order as it was before. Since you opened it:
        </Text>
        <List size="sm" aria-label="Changes since the page was opened">
          {news.map(({ id, type, actor, at }) => (
            <List.Item key={id}>
              {eventText(type)} by {actor}, <Ago at={at} />
            </List.Item>
          ))}
        </List>
        <Group gap={6}>
          <Text size="sm">Now it is</Text>
          <OrderPill is={order.status} />
          <PaidPill is={order.paymentStatus} />
          <SentPill is={order.fulfillmentStatus} />
        </Group>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            Show the order as it is now
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
