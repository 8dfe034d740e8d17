import { NumberInput, Select, Textarea } from '@mantine/core';
import { AdjustStock, ReceiveStock } from '@orderloom/core/inputs';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { given, useForm } from '../../form.ts';
import { queryClient, trpc } from '../../trpc.ts';
import { Fields } from '../../ui/field.tsx';
import { say } from '../../ui/toast.tsx';
import type { Level } from './variants.tsx';

type Props = {
  readonly kind: 'receive' | 'adjust';
  readonly variantId: string;
  readonly levels: readonly Level[];
  readonly onDone: () => void;
};

const labels = { quantity: 'Pieces', location: 'Location', reason: 'Reason' };

/** Goods that arrived, or a count that was wrong, at one location. */
export function StockForm({ kind, variantId, levels, onDone }: Props) {
  const [quantity, setQuantity] = useState<number | string>('');
  const [location, setLocation] = useState(levels[0]?.locationId ?? null);
  const [reason, setReason] = useState('');
  const form = useStock(kind, onDone);
  const level = levels.find(({ locationId }) => locationId === location);
  const pieces = typeof quantity === 'number' ? quantity : Number.NaN;
  return (
    <Fields
      form={form}
      labels={labels}
      submit={kind === 'receive' ? 'Receive stock' : 'Adjust stock'}
      onCancel={onDone}
      onSubmit={() => form.send({ variant: variantId, location: location ?? undefined, pieces, reason })}
    >
      {levels.length > 0 && (
        <Select
          {...form.field('location')}
          label={labels.location}
          allowDeselect={false}
          data={levels.map(({ locationId, locationName }) => ({ value: locationId, label: locationName }))}
          value={location}
          onChange={setLocation}
        />
      )}
      <NumberInput
        {...form.field('quantity')}
        label={kind === 'receive' ? 'Pieces that arrived' : 'Pieces more (or, with a minus, less)'}
        description={level && after(level, pieces)}
        data-autofocus
        allowDecimal={false}
        allowNegative={kind === 'adjust'}
        value={quantity}
        onChange={setQuantity}
      />
      <Textarea
        {...form.field('reason')}
        label={labels.reason}
        description={
          kind === 'receive' ? 'Such as the delivery note. May stay empty.' : 'Why the count was wrong.'
        }
        autosize
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </Fields>
  );
}

const after = ({ onHand, locationName }: Level, pieces: number) =>
  Number.isNaN(pieces)
    ? `${onHand} on hand at ${locationName} now.`
    : `${onHand} on hand at ${locationName} now, ${onHand + pieces} afterwards.`;

type Asked = {
  readonly variant: string;
  readonly location: string | undefined;
  readonly pieces: number;
  readonly reason: string;
};

/** The form of either command: both change one level, and what was read of the product is read again. */
function useStock(kind: Props['kind'], onDone: () => void) {
  const answered = {
    onSuccess: async ({ available, locationName }: Level) => {
      await Promise.all([
        queryClient.invalidateQueries(trpc.stock.pathFilter()),
        queryClient.invalidateQueries(trpc.products.pathFilter()),
      ]);
      onDone();
      say(`${available} are available at ${locationName} now.`);
    },
  };
  const receiving = useForm(
    { schema: ReceiveStock },
    useMutation(trpc.stock.receive.mutationOptions(answered)),
  );
  const adjusting = useForm(
    { schema: AdjustStock },
    useMutation(trpc.stock.adjust.mutationOptions(answered)),
  );
  return {
    ...(kind === 'receive' ? receiving : adjusting),
    send: ({ variant, location, pieces, reason }: Asked) =>
      kind === 'receive'
        ? receiving.send({ variant, location, quantity: pieces, reason: given(reason) })
        : adjusting.send({ variant, location, quantity: pieces, reason }),
  };
}
