import { Box, Grid, Select, Stack, Textarea } from '@mantine/core';
import { PlaceOrder } from '@orderloom/core/inputs';
import { useMutation, useQuery } from '@tanstack/react-query';
import { createRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { z } from 'zod';
import { useForm } from '../form.ts';
import { frame } from '../frame.tsx';
import { useMay, useSession } from '../session.ts';
import { failureOf, type Outputs, trpc } from '../trpc.ts';
import { addressText } from '../ui/address.tsx';
import { Fields } from '../ui/field.tsx';
import { LinkTo } from '../ui/link.tsx';
import { moneyText } from '../ui/money.tsx';
import { Page } from '../ui/page.tsx';
import { say } from '../ui/toast.tsx';
import { accept } from './order/order.ts';
import { CustomerPicker } from './order-new/customer-picker.tsx';
import { blank, type Customer, type Draft, inputOf, labelsOf, paymentChoices } from './order-new/draft.ts';
import { Items } from './order-new/items.tsx';
import { Totals } from './order-new/totals.tsx';

const Search = z.object({ customer: z.coerce.string().optional().catch(undefined) });
export const newOrderRoute = createRoute({
  getParentRoute: () => frame,
  path: '/orders/new',
  validateSearch: Search,
  component: NewOrderPage,
});

function NewOrderPage() {
  const { tenant } = useSession();
  const navigate = newOrderRoute.useNavigate();
  const [draft, setDraft] = useState<Draft>(blank);
  const change = (changed: Partial<Draft>) => setDraft((before) => ({ ...before, ...changed }));
  const customer = useChosen(draft.customer);
  const place = useMutation(
    trpc.orders.place.mutationOptions({
      onSuccess: async (order) => {
        accept(order);
        say(`Order ${order.number ?? ''} is placed.`);
        await navigate({ to: '/orders/$id', params: { id: order.number ?? order.id }, replace: true });
      },
    }),
  );
  const form = useForm({ schema: PlaceOrder, currency: tenant.currency }, place);
  const { data: options } = useQuery(trpc.orders.options.queryOptions());
  const methods = options?.shippingMethods ?? [];
  const shipping = methods.find(({ code }) => code === draft.shippingMethod)?.price ?? 0;
  const refusal = place.error && failureOf(place.error).refusal;
  const shortages = refusal?.code === 'INSUFFICIENT_STOCK' ? refusal.shortages : [];
  return (
    <Page
      title="Place an order"
      under={
        <LinkTo to="/orders" underline="always">
          All orders
        </LinkTo>
      }
    >
      <Grid gap="md">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Items
            lines={draft.lines}
            shortages={shortages}
            errorOf={(line) => form.field(`items.${line}.quantity`).error}
            id={form.field('items').id}
            error={form.field('items').error}
            onChange={(lines) => {
              change({ lines });
              place.reset();
            }}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Box className="ol-card" p="md">
            <Fields
              form={form}
              labels={labelsOf(draft)}
              submit="Place order"
              onSubmit={() => form.send(inputOf(draft, customer))}
            >
              <Who
                customer={customer}
                onPick={(picked) => change({ customer: picked, shippingAddress: null })}
              />
              <Delivery draft={draft} customer={customer} methods={methods} onChange={change} form={form} />
              <Totals lines={draft.lines} currency={tenant.currency} shipping={shipping} />
            </Fields>
          </Box>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

/** The customer that was picked here, or whose page led here. */
function useChosen(picked: Customer | null | undefined): Customer | null {
  const { customer: ref = '' } = newOrderRoute.useSearch();
  const { data = null } = useQuery(
    trpc.customers.get.queryOptions({ id: ref }, { enabled: ref !== '' && picked === undefined }),
  );
  return picked === undefined ? data : picked;
}

type WhoProps = { readonly customer: Customer | null; readonly onPick: (customer: Customer | null) => void };

const Who = ({ customer, onPick }: WhoProps) => {
  const may = useMay();
  if (!may('orders:create_for_any')) return null;
  return <CustomerPicker customer={customer} onPick={onPick} />;
};

type DeliveryProps = {
  readonly draft: Draft;
  readonly customer: Customer | null;
  readonly methods: Outputs['orders']['options']['shippingMethods'];
  readonly onChange: (changed: Partial<Draft>) => void;
  readonly form: {
    readonly field: (path: string) => { readonly id: string; readonly error: string | undefined };
  };
};

/** Where the goods go, how they are paid, and what should be noted. */
function Delivery({ draft, customer, methods, onChange, form }: DeliveryProps) {
  const { currency } = useSession().tenant;
  const { data: addresses = [] } = useQuery(
    trpc.customers.addresses.queryOptions({ id: customer?.id ?? '' }, { enabled: customer !== null }),
  );
  return (
    <Stack gap="md">
      {addresses.length > 0 && (
        <Select
          {...form.field('shippingAddress')}
          label="Ship to"
          placeholder="No address"
          clearable
          clearButtonProps={{ 'aria-label': 'No address' }}
          data={addresses.map((address) => ({ value: address.id, label: addressText(address) }))}
          value={draft.shippingAddress}
          onChange={(shippingAddress) => onChange({ shippingAddress })}
        />
      )}
      <Select
        {...form.field('shippingMethod')}
        label="Shipping method"
        placeholder="Nothing is shipped"
        clearable
        clearButtonProps={{ 'aria-label': 'Nothing is shipped' }}
        data={methods.map(({ code, price }) => ({
          value: code,
          label: `${code} (${moneyText(price, currency)})`,
        }))}
        value={draft.shippingMethod}
        onChange={(shippingMethod) => onChange({ shippingMethod })}
      />
      <Select
        {...form.field('paymentMethod')}
        label="Payment"
        allowDeselect={false}
        data={paymentChoices(customer)}
        value={draft.payment}
        onChange={(payment) => onChange({ payment: payment ?? draft.payment })}
      />
      <Textarea
        {...form.field('notes')}
        label="Notes"
        autosize
        minRows={2}
        value={draft.notes}
        onChange={(event) => onChange({ notes: event.currentTarget.value })}
      />
    </Stack>
  );
}
