import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { HandCoins, Plus, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../session.ts';
import { trpc } from '../../trpc.ts';
import { Ago } from '../../ui/date.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Money, moneyText } from '../../ui/money.tsx';
import { Card } from '../../ui/page.tsx';
import { PaymentPill } from '../../ui/status.tsx';
import { say } from '../../ui/toast.tsx';
import { methodText } from '../../words.ts';
import { accept, type Order, type OrderProps, refused } from './order.ts';
import { RecordPayment } from './record-payment.tsx';
import { RefundForm } from './refund-payment.tsx';

type Payment = Order['payments'][number];

/** How the order is paid: what came in, what is still to come, what went back. */
export function Payments({ order, onConflict }: OrderProps) {
  const may = useMay();
  const [recording, setRecording] = useState(false);
  const mayTake = may('payments:process_all') || may('payments:process_own');
  const close = () => setRecording(false);
  return (
    <Card
      title="Payments"
      actions={
        mayTake &&
        order.openAmount > 0 && (
          <Button
            size="sm"
            variant="default"
            leftSection={<Plus size={16} aria-hidden />}
            onClick={() => setRecording(true)}
          >
            Record payment
          </Button>
        )
      }
    >
      <Stack gap="md">
        {order.payments.length > 0 && (
          <Stack component="ul" className="ol-list" gap="md">
            {order.payments.map((payment) => (
              <Row key={payment.id} payment={payment} order={order} onConflict={onConflict} />
            ))}
          </Stack>
        )}
        {order.payments.length === 0 && (
          <Text size="sm" c="dimmed">
            No payment yet. {moneyText(order.openAmount, order.currency)} is open.
          </Text>
        )}
      </Stack>
      <Dialog title="Record payment" opened={recording} onClose={close}>
        <RecordPayment order={order} onConflict={() => (close(), onConflict())} onDone={close} />
      </Dialog>
    </Card>
  );
}

type RowProps = OrderProps & { readonly payment: Payment };

function Row({ payment, order, onConflict }: RowProps) {
  const { currency } = order;
  return (
    <Group
      justify="space-between"
      gap="sm"
      align="flex-start"
      component="li"
      aria-label={titleOf(payment, currency)}
    >
      <Stack gap={2} miw={0}>
        <Group gap="xs">
          <Text size="sm">
            <Money amount={payment.amount} currency={currency} strong />
          </Text>
          <Text size="sm">{methodText(payment.method)}</Text>
          <PaymentPill is={payment.status} />
        </Group>
        <Text size="sm" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
          {payment.reference && `${payment.reference} · `}
          {payment.processedAt ? 'Taken ' : 'Recorded '}
          <Ago at={payment.processedAt ?? payment.createdAt} />
          {payment.refunded > 0 && ` · ${moneyText(payment.refunded, currency)} given back`}
        </Text>
        {payment.failure && <Text size="sm">It failed: {payment.failure.message}</Text>}
      </Stack>
      <Steps payment={payment} order={order} onConflict={onConflict} />
    </Group>
  );
}

const titleOf = ({ amount, method }: Payment, currency: string) =>
  `Payment of ${moneyText(amount, currency)} by ${methodText(method).toLowerCase()}`;

function Steps({ payment, order, onConflict }: RowProps) {
  const may = useMay();
  const [refunding, setRefunding] = useState(false);
  const close = () => setRefunding(false);
  const take = useMutation(
    trpc.payments.process.mutationOptions({
      onSuccess: (changed) => {
        accept(changed);
        say('The payment is taken.');
      },
      onError: refused({ order, onConflict }, 'The payment was not taken'),
    }),
  );
  const mayTake = may('payments:process_all') || may('payments:process_own');
  return (
    <Group gap="xs">
      {mayTake && (payment.status === 'PENDING' || payment.status === 'FAILED') && (
        <Button
          size="sm"
          variant="default"
          leftSection={<HandCoins size={16} aria-hidden />}
          loading={take.isPending}
          onClick={() => take.mutate({ id: payment.id, expectedVersion: order.version })}
        >
          {payment.status === 'FAILED' ? 'Try again' : 'Take payment'}
        </Button>
      )}
      {may('payments:refund') && payment.refundable > 0 && (
        <Button
          size="sm"
          variant="default"
          leftSection={<Undo2 size={16} aria-hidden />}
          onClick={() => setRefunding(true)}
        >
          Refund payment
        </Button>
      )}
      <Dialog title={`Refund: ${titleOf(payment, order.currency)}`} opened={refunding} onClose={close}>
        <RefundForm
          order={order}
          payment={payment}
          onConflict={() => (close(), onConflict())}
          onDone={close}
        />
      </Dialog>
    </Group>
  );
}
