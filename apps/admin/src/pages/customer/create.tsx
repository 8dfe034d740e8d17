import { TextInput } from '@mantine/core';
import { CreateCustomer } from '@orderloom/core/inputs';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { given, useForm } from '../../form.ts';
import { queryClient, trpc } from '../../trpc.ts';
import { Fields } from '../../ui/field.tsx';
import { say } from '../../ui/toast.tsx';

const labels = { name: 'Name', email: 'Email address', code: 'Code' };

/** A new customer, with an empty balance. */
export function CreateCustomerForm({ onDone }: { readonly onDone: () => void }) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [code, setCode] = useState('');
  const create = useMutation(
    trpc.customers.create.mutationOptions({
      onSuccess: async (customer) => {
        await queryClient.invalidateQueries(trpc.customers.pathFilter());
        onDone();
        say(`${customer.name} is created.`);
        await navigate({ to: '/customers/$id', params: { id: String(customer.ref) } });
      },
    }),
  );
  const form = useForm({ schema: CreateCustomer }, create);
  const onSubmit = () => form.send({ name, email: email.trim(), code: given(code) });
  return (
    <Fields form={form} labels={labels} submit="Create customer" onCancel={onDone} onSubmit={onSubmit}>
      <TextInput
        {...form.field('name')}
        label={labels.name}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        {...form.field('email')}
        label={labels.email}
        type="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        {...form.field('code')}
        label={labels.code}
        description="Your own word for the customer. Left empty, the shop makes one."
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
    </Fields>
  );
}
