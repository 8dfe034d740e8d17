import { Checkbox, Select, TextInput } from '@mantine/core';
import { formatMoney, type PaymentMethod, paymentMethods } from '@orderloom/core';
import { CreatePayment } from '@orderloom/core/inputs';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { amountOf, given, useForm } from '../../form.ts';
import { trpc } from '../../trpc.ts';
import { Fields } from '../../ui/field.tsx';
import { say } from '../../ui/toast.tsx';
import { methodText } from '../../words.ts';
import { accept, type OrderProps, refused } from './order.ts';

type Props = OrderProps & { readonly onDone: () => void };

const labels = { method: 'Paid by', amount: 'Amount', reference: 'Reference' };
const methods = paymentMethods.map((method) => ({ value: method, label: methodText(method) }));

/** Money that comes in: all that is open, unless less is entered. */
export function RecordPayment({ order, onConflict, onDone }: Props) {
  const [method, setMethod] = useState<PaymentMethod>(order.paymentMethod ?? 'bank_transfer');
  const [amount, setAmount] = useState(formatMoney(order.openAmount, order.currency));
  const [reference, setReference] = useState('');
  const [process, setProcess] = useState(true);
  const create = useMutation(
    trpc.payments.create.mutationOptions({
      onSuccess: (changed) => {
        accept(changed);
        onDone();
        say('The payment is recorded.');
      },
      onError: refused({ order, onConflict }, null),
    }),
  );
  const form = useForm({ schema: CreatePayment, currency: order.currency }, create);
  const onSubmit = () =>
    form.send({
      order: order.id,
      expectedVersion: order.version,
      method,
      amount: amountOf(amount, order.currency),
      reference: given(reference),
      process,
    });
  return (
    <Fields form={form} labels={labels} submit="Record payment" onCancel={onDone} onSubmit={onSubmit}>
      <Select
        {...form.field('method')}
        label={labels.method}
        data={methods}
        value={method}
        allowDeselect={false}
        onChange={(value) => setMethod(paymentMethods.find((known) => known === value) ?? method)}
      />
      <TextInput
        {...form.field('amount')}
        label={`${labels.amount} in ${order.currency}`}
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      <TextInput
        {...form.field('reference')}
        label={labels.reference}
        description="The number on the receipt or the bank statement. May stay empty."
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
      <Checkbox
        label="The money is here: take it now"
        description="Otherwise the payment waits until you take it."
        checked={process}
        onChange={(event) => setProcess(event.currentTarget.checked)}
      />
    </Fields>
  );
}
