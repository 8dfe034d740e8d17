import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createRoute } from '@tanstack/react-router';
import { frame } from '../frame.tsx';
import { failureText } from '../refusal.ts';
import { useMay } from '../session.ts';
import { failureOf, queryClient, trpc } from '../trpc.ts';
import { LinkTo } from '../ui/link.tsx';
import { Page } from '../ui/page.tsx';
import { FailureNote, Waiting } from '../ui/state.tsx';
import { Movements } from './product/movements.tsx';
import { StockPill } from './product/stock-pill.tsx';
import { Variants } from './product/variants.tsx';

export const productRoute = createRoute({
  getParentRoute: () => frame,
  path: '/products/$id',
  loader: ({ params }) => void queryClient.prefetchQuery(trpc.products.get.queryOptions(params)),
  component: ProductPage,
});

function ProductPage() {
  const { id } = productRoute.useParams();
  const may = useMay();
  const { data: product, error, refetch } = useQuery(trpc.products.get.queryOptions({ id }));
  const all = (
    <LinkTo to="/products" underline="always">
      All products
    </LinkTo>
  );
  if (product)
    return (
      <Page
        title={product.name}
        beside={<StockPill available={product.available} active={product.active} />}
        under={
          <>
            {all} · {product.sku} · {product.store.name}
          </>
        }
      >
        <Stack gap="md">
          <Variants product={product} />
          {may('stock:read') && <Movements product={product} />}
        </Stack>
      </Page>
    );
  if (!error) return <Waiting what="the product" />;
  const failure = failureOf(error);
  return (
    <Page title={`Product ${id}`} under={all}>
      <FailureNote
        title="The product could not be read"
        requestId={failure.requestId}
        onRetry={() => void refetch()}
      >
        {failureText(failure)}
      </FailureNote>
    </Page>
  );
}
