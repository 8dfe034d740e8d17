import { Textarea, TextInput } from '@mantine/core';
import { formatMoney } from '@orderloom/core';
import { RefundPayment } from '@orderloom/core/inputs';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { amountOf, given, useForm } from '../../form.ts';
import { trpc } from '../../trpc.ts';
import { Fields } from '../../ui/field.tsx';
import { moneyText } from '../../ui/money.tsx';
import { say } from '../../ui/toast.tsx';
import { accept, type Order, type OrderProps, refused } from './order.ts';

type Props = OrderProps & { readonly payment: Order['payments'][number]; readonly onDone: () => void };

const labels = { amount: 'Amount', reason: 'Reason' };

/** Money that goes back: all that is left of the payment, unless less is entered. */
export function RefundForm({ order, payment, onConflict, onDone }: Props) {
  const [amount, setAmount] = useState(formatMoney(payment.refundable, order.currency));
  const [reason, setReason] = useState('');
  const refund = useMutation(
    trpc.payments.refund.mutationOptions({
      onSuccess: (changed) => {
        accept(changed);
        onDone();
        say('The money is given back.');
      },
      onError: refused({ order, onConflict }, null),
    }),
  );
  const form = useForm({ schema: RefundPayment, currency: order.currency }, refund);
  const onSubmit = () =>
    form.send({
      id: payment.id,
      expectedVersion: order.version,
      amount: amountOf(amount, order.currency),
      reason: given(reason),
    });
  return (
    <Fields form={form} labels={labels} submit="Refund payment" danger onCancel={onDone} onSubmit={onSubmit}>
      <TextInput
        {...form.field('amount')}
        label={`${labels.amount} in ${order.currency}`}
        description={`At most ${moneyText(payment.refundable, order.currency)}.`}
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      <Textarea
        {...form.field('reason')}
        label={labels.reason}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Fields>
  );
}
