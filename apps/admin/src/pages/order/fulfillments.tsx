import { Code, Group, List, Stack, Text } from '@mantine/core';
import { PackageCheck, Truck } from 'lucide-react';
import { Card } from '../../ui/page.tsx';
import { Pill } from '../../ui/status.tsx';
import type { Order } from './order.ts';

type Parcel = Order['fulfillments'][number];

const looks = {
  SHIPPED: { text: 'Shipped', tone: 'info', icon: Truck },
  OUT_FOR_DELIVERY: { text: 'Out for delivery', tone: 'info', icon: Truck },
  DELIVERED: { text: 'Delivered', tone: 'good', icon: PackageCheck },
} as const;

/** What left the house, in which parcel. */
export function Fulfillments({ order }: { readonly order: Order }) {
  if (order.fulfillments.length === 0) return null;
  return (
    <Card title="Fulfilments">
      <Stack gap="md">
        {order.fulfillments.map((parcel) => (
          <ParcelNote key={parcel.id} parcel={parcel} lines={order.lines} />
        ))}
      </Stack>
    </Card>
  );
}

const ParcelNote = ({ parcel, lines }: { readonly parcel: Parcel; readonly lines: Order['lines'] }) => (
  <div>
    <Group gap="sm">
      <Pill {...looks[parcel.status]} />
      {parcel.trackingNumber ? (
        <Text size="sm">
          Tracking <Code>{parcel.trackingNumber}</Code>
        </Text>
      ) : (
        <Text size="sm" c="dimmed">
          No tracking number
        </Text>
      )}
    </Group>
    <List size="sm" mt="xs">
      {parcel.lines.map(({ lineId, quantity }) => (
        <List.Item key={lineId}>
          {quantity} × {lines.find(({ id }) => id === lineId)?.name ?? 'a line that is gone'}
        </List.Item>
      ))}
    </List>
  </div>
);
