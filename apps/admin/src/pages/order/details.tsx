import { ActionIcon, Code, CopyButton, Group, Stack, Text, Tooltip } from '@mantine/core';
import { Check, Copy } from 'lucide-react';
import { useMay } from '../../session.ts';
import { AddressLines } from '../../ui/address.tsx';
import { Ago } from '../../ui/date.tsx';
import { LinkTo } from '../../ui/link.tsx';
import { Card, Facts } from '../../ui/page.tsx';
import { methodText } from '../../words.ts';
import type { Order } from './order.ts';

const origins: Readonly<Record<Order['origin'], string>> = {
  balance: 'Balance API',
  service: 'Service API',
  api: 'API',
  admin: 'Console',
  import: 'Import',
};

/** Who the order is for, where it goes, and what was noted. */
export const Details = ({ order }: { readonly order: Order }) => (
  <Stack gap="md">
    <Card title="Customer">
      <Customer of={order.customer} />
    </Card>
    <Card title="Delivery">
      <Stack gap="md">
        <Facts
          of={[
            ['Method', order.shippingMethod ?? '–'],
            ['Tracking', order.trackingNumber ?? '–'],
          ]}
        />
        <AddressLines title="Ship to" address={order.shippingAddress} />
        {order.billingAddress?.id !== order.shippingAddress?.id && (
          <AddressLines title="Bill to" address={order.billingAddress} />
        )}
      </Stack>
    </Card>
    <Card title="Notes">
      <Text
        size="sm"
        {...(!order.notes && { c: 'dimmed' })}
        style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
      >
        {order.notes ?? 'Nothing was noted.'}
      </Text>
    </Card>
    <Card title="Record">
      <Facts
        of={[
          ['Came in by', origins[order.origin]],
          ['To be paid by', order.paymentMethod ? methodText(order.paymentMethod) : '–'],
          ['Created', <Ago key="created" at={order.createdAt} />],
          ['Last changed', <Ago key="updated" at={order.updatedAt} />],
          ['Version', order.version],
          ['Id', <Copyable key="id" text={order.id} what="id" />],
        ]}
      />
    </Card>
  </Stack>
);

function Customer({ of: customer }: { readonly of: Order['customer'] }) {
  const may = useMay();
  if (!customer)
    return (
      <Text size="sm" c="dimmed">
        This order has no customer.
      </Text>
    );
  return (
    <Stack gap={2}>
      {may('customers:read') ? (
        <LinkTo to="/customers/$id" params={{ id: String(customer.ref) }} size="sm" inherit={false} fw={600}>
          {customer.name}
        </LinkTo>
      ) : (
        <Text size="sm" fw={600}>
          {customer.name}
        </Text>
      )}
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {customer.email}
      </Text>
      <Text size="sm" c="dimmed">
        {customer.code}
      </Text>
    </Stack>
  );
}

const Copyable = ({ text, what }: { readonly text: string; readonly what: string }) => (
  <Group gap={4} justify="flex-end" wrap="nowrap">
    <Code style={{ overflowWrap: 'anywhere' }}>{text}</Code>
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy the ${what}`}>
          <ActionIcon size={28} onClick={copy} aria-label={copied ? 'Copied' : `Copy the ${what}`}>
            {copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  </Group>
);
