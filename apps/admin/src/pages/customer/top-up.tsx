import { Textarea, TextInput } from '@mantine/core';
import { TopUpBalance } from '@orderloom/core/inputs';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { amountOf, useForm } from '../../form.ts';
import { type Outputs, queryClient, trpc } from '../../trpc.ts';
import { Fields } from '../../ui/field.tsx';
import { moneyText } from '../../ui/money.tsx';
import { say } from '../../ui/toast.tsx';

type Props = { readonly customer: Outputs['customers']['get']; readonly onDone: () => void };

const labels = { amount: 'Amount', reason: 'Reason' };

/** Money onto a customer's balance, or off it to correct a mistake. */
export function TopUpForm({ customer, onDone }: Props) {
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const topUp = useMutation(
    trpc.customers.topUp.mutationOptions({
      onSuccess: async (after) => {
        await queryClient.invalidateQueries(trpc.customers.pathFilter());
        onDone();
        say(`The balance is ${moneyText(after.balance, after.currency)} now.`);
      },
    }),
  );
  const form = useForm({ schema: TopUpBalance, currency: customer.currency }, topUp);
  const onSubmit = () => form.send({ id: customer.id, amount: amountOf(amount, customer.currency), reason });
  return (
    <Fields form={form} labels={labels} submit="Top up" onCancel={onDone} onSubmit={onSubmit}>
      <TextInput
        {...form.field('amount')}
        label={`${labels.amount} in ${customer.currency}`}
        description={`Now ${moneyText(customer.balance, customer.currency)}. A minus takes money off.`}
        inputMode="decimal"
        data-autofocus
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      <Textarea
        {...form.field('reason')}
        label={labels.reason}
        description="It is kept in the ledger."
        autosize
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Fields>
  );
}
