import type { Scope } from '@orderloom/core';
import { getRouteApi } from '@tanstack/react-router';
import { type Outputs, queryClient, trpc } from './trpc.ts';

type Me = Outputs['auth']['me'];

/** Who is signed in, in which shop, with which rights. */
export type Session = {
  readonly user: NonNullable<Me['user']>;
  readonly tenant: NonNullable<Me['tenant']>;
} & Pick<Me, 'scopes'>;

const frame = getRouteApi('/frame');

/** Who is signed in; every page behind the frame may ask. */
export const useSession = (): Session => frame.useRouteContext().session;

/** Whether the user has a right: the same list guards the API. */
export const useMay = (): ((scope: Scope) => boolean) => {
  const { scopes } = useSession();
  return (scope) => scopes.includes(scope);
};

/** Asks the server who is signed in, once; `null` when nobody is. */
export async function findSession(): Promise<Session | null> {
  const { user, tenant, scopes } = await queryClient.ensureQueryData(
    trpc.auth.me.queryOptions(undefined, { staleTime: Infinity }),
  );
  return user && tenant ? { user, tenant, scopes } : null;
}

/** Forgets everything that was read for the user who has left. */
export const forgetSession = (): void => queryClient.clear();
