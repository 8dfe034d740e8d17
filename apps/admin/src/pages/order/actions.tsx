import { Button, Textarea, TextInput, Tooltip, VisuallyHidden } from '@mantine/core';
import { ChangeOrder } from '@orderloom/core/inputs';
import { useMutation } from '@tanstack/react-query';
import { useId, useMemo, useState } from 'react';
import { given, useForm } from '../../form.ts';
import { useOffer } from '../../frame/page-actions.ts';
import { useMay } from '../../session.ts';
import { trpc } from '../../trpc.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Fields } from '../../ui/field.tsx';
import { say } from '../../ui/toast.tsx';
import { commandText } from '../../words.ts';
import { type Command, type CommandName, looks, type Offer, offersOf } from './commands.ts';
import { accept, type OrderProps, refused } from './order.ts';

/** The next steps of an order: the first is the one to take, the last takes goods or money back. */
export function Actions({ order, onConflict }: OrderProps) {
  const may = useMay();
  const [asking, setAsking] = useState<CommandName | null>(null);
  const change = useMutation(
    trpc.orders.change.mutationOptions({
      onSuccess: (changed, { command }) => {
        accept(changed);
        say(looks[command.type].done);
      },
      onError: refused({ order, onConflict }, 'The order was not changed'),
    }),
  );
  const offers = offersOf(order, may);
  const start = (command: CommandName) => {
    if (change.isPending) return;
    if (looks[command].asks) setAsking(command);
    else
      change.mutate({ id: order.id, expectedVersion: order.version, command: commandOf(order, command, '') });
  };
  useOrderOffers(offers, start, `${order.id} ${order.version} ${change.isPending}`);
  return (
    <>
      {offers.map((offer, at) => (
        <Step
          key={offer.command}
          offer={offer}
          primary={at === 0 && offer.reason === null && !looks[offer.command].takesBack}
          busy={change.isPending && change.variables.command.type === offer.command}
          onStart={() => start(offer.command)}
        />
      ))}
      <Dialog
        title={asking ? `${commandText(asking)}: ${order.number ?? 'draft'}` : ''}
        opened={asking !== null}
        onClose={() => setAsking(null)}
      >
        {asking && (
          <Ask order={order} onConflict={onConflict} command={asking} onDone={() => setAsking(null)} />
        )}
      </Dialog>
    </>
  );
}

/** Lets the palette offer what the buttons offer. `key` changes whenever the offers do. */
function useOrderOffers(offers: readonly Offer[], start: (command: CommandName) => void, key: string) {
  useOffer(
    useMemo(
      () =>
        offers
          .filter(({ reason }) => reason === null)
          .map(({ command, text }) => ({
            id: command,
            text: `${text} – this order`,
            run: () => start(command),
          })),
      // oxlint-disable-next-line react/exhaustive-deps -- `key` stands for the offers
      [key],
    ),
  );
}

type StepProps = {
  readonly offer: Offer;
  readonly primary: boolean;
  readonly busy: boolean;
  readonly onStart: () => void;
};

/** A refused step keeps its place and the focus, and says why it is refused. */
function Step({ offer, primary, busy, onStart }: StepProps) {
  const id = useId();
  const { icon: Icon, takesBack } = looks[offer.command];
  const icon = <Icon size={17} aria-hidden />;
  if (offer.reason !== null)
    return (
      <Tooltip label={offer.reason}>
        <Button
          className="ol-refused"
          variant="default"
          leftSection={icon}
          data-disabled
          aria-disabled
          aria-describedby={id}
        >
          {offer.text}
          <VisuallyHidden id={id} aria-hidden>
            {offer.reason}
          </VisuallyHidden>
        </Button>
      </Tooltip>
    );
  return (
    <Button
      variant={primary ? 'filled' : 'default'}
      {...(takesBack && { c: 'var(--mantine-color-error)' })}
      leftSection={icon}
      loading={busy}
      onClick={onStart}
    >
      {offer.text}
    </Button>
  );
}

type AskProps = OrderProps & { readonly command: CommandName; readonly onDone: () => void };

/** Asks for what a step needs to know: a tracking number, or the reason for taking back. */
function Ask({ order, onConflict, command, onDone }: AskProps) {
  const [text, setText] = useState('');
  const change = useMutation(
    trpc.orders.change.mutationOptions({
      onSuccess: (changed) => {
        accept(changed);
        onDone();
        say(looks[command].done);
      },
      onError: refused({ order, onConflict: () => (onDone(), onConflict()) }, null),
    }),
  );
  const form = useForm({ schema: ChangeOrder, currency: order.currency }, change);
  const tracking = looks[command].asks === 'tracking';
  const path = tracking ? 'command.trackingNumber' : 'command.reason';
  const label = tracking ? 'Tracking number' : 'Reason';
  const input = {
    ...form.field(path),
    label,
    value: text,
    'data-autofocus': true,
    onChange: (event: { currentTarget: { value: string } }) => setText(event.currentTarget.value),
  };
  return (
    <Fields
      form={form}
      labels={{ [path]: label }}
      submit={commandText(command)}
      danger={looks[command].takesBack === true}
      onCancel={onDone}
      onSubmit={() =>
        form.send({ id: order.id, expectedVersion: order.version, command: commandOf(order, command, text) })
      }
    >
      {tracking ? (
        <TextInput {...input} description="Leave it empty when the parcel has none." />
      ) : (
        <Textarea {...input} description={consequence(order, command)} autosize minRows={2} />
      )}
    </Fields>
  );
}

const consequence = ({ fulfillments, paid, refunded }: OrderProps['order'], command: CommandName) => {
  const money = paid > refunded ? ' Money that was paid goes back.' : '';
  if (command === 'refundOrder') return `The customer gets back what was paid.`;
  return fulfillments.length > 0
    ? 'The goods are expected back; the money stays until the order is refunded.'
    : `The goods go back on the shelf.${money}`;
};

/** The command as it is sent; a text that was left empty is not sent at all. */
function commandOf({ total }: Pick<OrderProps['order'], 'total'>, type: CommandName, text: string): Command {
  switch (type) {
    case 'confirmDraft':
      return { type, declaredTotal: total };
    case 'shipOrder':
      return { type, trackingNumber: given(text) };
    case 'cancelOrder':
    case 'refundOrder':
    case 'discardDraft':
      return { type, reason: given(text) };
    default:
      return { type };
  }
}
