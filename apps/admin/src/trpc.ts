import type { AppRouter } from '@orderloom/server/router';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';

export type Outputs = inferRouterOutputs<AppRouter>;
export type Inputs = inferRouterInputs<AppRouter>;

/** What the server says when it says no. */
export type Refusal = NonNullable<TRPCClientError<AppRouter>['data']>['refusal'];

/** A failed call: the server's refusal, or `null` when it was not reached; the id to quote to support. */
export type Failure = { readonly refusal: Refusal | null; readonly requestId: string | null };

const isOfServer = (error: unknown): error is TRPCClientError<AppRouter> => error instanceof TRPCClientError;

/** Reads the refusal out of whatever a query or a mutation threw. */
export function failureOf(error: unknown): Failure {
  const data = isOfServer(error) ? error.data : null;
  return { refusal: data?.refusal ?? null, requestId: data?.requestId ?? null };
}

const listeners = new Set<() => void>();

/** Calls `listener` whenever the server says that nobody is signed in any more. */
export const onSignedOut = (listener: () => void): void => {
  listeners.add(listener);
};

const notice = (error: unknown) => {
  if (failureOf(error).refusal?.code === 'UNAUTHENTICATED') for (const listener of listeners) listener();
};

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // An answer is an answer: only a server that was not reached is asked again.
      retry: (failures, error) => failures < 2 && failureOf(error).refusal === null,
    },
  },
});

/** For calls that are no single query or mutation: see `historyOptions`. */
export const client = createTRPCClient<AppRouter>({
  links: [
    httpBatchLink({
      url: '/trpc',
      headers: { 'x-trpc-source': 'console' },
      maxItems: 10,
      maxURLLength: 4_000,
    }),
  ],
});

export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
