import { Button, Grid, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { createRoute } from '@tanstack/react-router';
import { HandCoins, Plus } from 'lucide-react';
import { frame } from '../frame.tsx';
import { useMayPlace } from '../frame/places.ts';
import { failureText } from '../refusal.ts';
import { useMay } from '../session.ts';
import { failureOf, type Outputs, queryClient, trpc } from '../trpc.ts';
import { AddressLines } from '../ui/address.tsx';
import { Ago } from '../ui/date.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ButtonTo, LinkTo } from '../ui/link.tsx';
import { Money } from '../ui/money.tsx';
import { Card, Facts, Page } from '../ui/page.tsx';
import { FailureNote, Waiting } from '../ui/state.tsx';
import { Ledger } from './customer/ledger.tsx';
import { CustomerOrders } from './customer/orders.tsx';
import { TopUpForm } from './customer/top-up.tsx';

type Customer = Outputs['customers']['get'];

export const customerRoute = createRoute({
  getParentRoute: () => frame,
  path: '/customers/$id',
  loader: ({ params }) => void queryClient.prefetchQuery(trpc.customers.get.queryOptions(params)),
  component: CustomerPage,
});

function CustomerPage() {
  const { id } = customerRoute.useParams();
  const { data: customer, error, refetch } = useQuery(trpc.customers.get.queryOptions({ id }));
  if (customer) return <Shown customer={customer} />;
  if (!error) return <Waiting what="the customer" />;
  const failure = failureOf(error);
  return (
    <Page
      title={`Customer ${id}`}
      under={
        <LinkTo to="/customers" underline="always">
          All customers
        </LinkTo>
      }
    >
      <FailureNote
        title="The customer could not be read"
        requestId={failure.requestId}
        onRetry={() => void refetch()}
      >
        {failureText(failure)}
      </FailureNote>
    </Page>
  );
}

const Shown = ({ customer }: { readonly customer: Customer }) => (
  <Page title={customer.name} under={<Under customer={customer} />} actions={<Actions customer={customer} />}>
    <Grid gap="md">
      <Grid.Col span={{ base: 12, lg: 8 }}>
        <Stack gap="md">
          <CustomerOrders customerId={customer.id} />
          <Ledger customerId={customer.id} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 4 }}>
        <Stack gap="md">
          <Card title="Balance">
            <Facts
              of={[
                [
                  'Available',
                  <Money key="balance" amount={customer.balance} currency={customer.currency} strong />,
                ],
                [
                  'Set aside for orders',
                  <Money key="held" amount={customer.held} currency={customer.currency} />,
                ],
              ]}
            />
          </Card>
          <Addresses customerId={customer.id} />
        </Stack>
      </Grid.Col>
    </Grid>
  </Page>
);

const Under = ({ customer }: { readonly customer: Customer }) => (
  <span style={{ overflowWrap: 'anywhere' }}>
    <LinkTo to="/customers" underline="always">
      All customers
    </LinkTo>{' '}
    · {customer.email} · {customer.code} · Customer since <Ago at={customer.createdAt} />
  </span>
);

function Actions({ customer }: { readonly customer: Customer }) {
  const may = useMay();
  const mayPlace = useMayPlace();
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      {may('balance:write') && (
        <Button variant="default" leftSection={<HandCoins size={17} aria-hidden />} onClick={open}>
          Top up the balance
        </Button>
      )}
      {mayPlace && (
        <ButtonTo
          to="/orders/new"
          search={{ customer: String(customer.ref) }}
          leftSection={<Plus size={17} aria-hidden />}
        >
          Place an order
        </ButtonTo>
      )}
      <Dialog title={`Top up: ${customer.name}`} opened={opened} onClose={close}>
        <TopUpForm customer={customer} onDone={close} />
      </Dialog>
    </>
  );
}

function Addresses({ customerId }: { readonly customerId: string }) {
  const { data = [] } = useQuery(trpc.customers.addresses.queryOptions({ id: customerId }));
  return (
    <Card title="Addresses">
      <Stack gap="md">
        {data.map((address) => (
          <AddressLines key={address.id} address={address} />
        ))}
        {data.length === 0 && (
          <Text size="sm" c="dimmed">
            No address is known.
          </Text>
        )}
      </Stack>
    </Card>
  );
}
