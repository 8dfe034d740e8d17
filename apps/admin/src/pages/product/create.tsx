import { TextInput } from '@mantine/core';
import { CreateProduct } from '@orderloom/core/inputs';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { amountOf, given, useForm } from '../../form.ts';
import { useSession } from '../../session.ts';
import { queryClient, trpc } from '../../trpc.ts';
import { Fields } from '../../ui/field.tsx';
import { say } from '../../ui/toast.tsx';

const labels = { name: 'Name', sku: 'SKU', price: 'Price', store: 'Store' };

/** A new product with its default variant; stock is received on its page. */
export function CreateProductForm({ onDone }: { readonly onDone: () => void }) {
  const { currency } = useSession().tenant;
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [sku, setSku] = useState('');
  const [price, setPrice] = useState('');
  const create = useMutation(
    trpc.products.create.mutationOptions({
      onSuccess: async (product) => {
        await queryClient.invalidateQueries(trpc.products.pathFilter());
        onDone();
        say(`${product.name} is created.`);
        await navigate({ to: '/products/$id', params: { id: String(product.ref) } });
      },
    }),
  );
  const form = useForm({ schema: CreateProduct, currency }, create);
  const onSubmit = () => form.send({ name, sku: given(sku), price: amountOf(price, currency) });
  return (
    <Fields form={form} labels={labels} submit="Create product" onCancel={onDone} onSubmit={onSubmit}>
      <TextInput
        {...form.field('name')}
        label={labels.name}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        {...form.field('sku')}
        label={labels.sku}
        description="Letters, digits, dots and hyphens. Left empty, the shop makes one."
        value={sku}
        onChange={(event) => setSku(event.currentTarget.value)}
      />
      <TextInput
        {...form.field('price')}
        label={`${labels.price} in ${currency}`}
        inputMode="decimal"
        value={price}
        onChange={(event) => setPrice(event.currentTarget.value)}
      />
    </Fields>
  );
}
