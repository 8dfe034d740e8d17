import { createRootRoute, type ErrorComponentProps, Outlet, useRouter } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { failureText } from './refusal.ts';
import { failureOf } from './trpc.ts';
import { ButtonTo } from './ui/link.tsx';
import { Page } from './ui/page.tsx';
import { Empty, FailureNote } from './ui/state.tsx';

export const root = createRootRoute({
  component: Outlet,
  errorComponent: PageFailed,
  notFoundComponent: NoSuchPage,
});

/** A page that could not be shown at all. */
export function PageFailed({ error }: ErrorComponentProps) {
  const router = useRouter();
  const failure = failureOf(error);
  return (
    <main>
      <FailureNote
        title="This page could not be shown"
        requestId={failure.requestId}
        onRetry={() => void router.invalidate()}
      >
        {failureText(failure)}
      </FailureNote>
    </main>
  );
}

export function NoSuchPage() {
  return (
    <Page title="No such page">
      <Empty
        icon={Compass}
        title="There is nothing at this address"
        action={<ButtonTo to="/orders">Go to the orders</ButtonTo>}
      >
        Check the address, or go on from the list of orders.
      </Empty>
    </Page>
  );
}
