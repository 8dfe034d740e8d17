import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { LogOut, UserRound } from 'lucide-react';
import { failureText } from '../refusal.ts';
import { forgetSession, useSession } from '../session.ts';
import { failureOf, trpc } from '../trpc.ts';
import { complain } from '../ui/toast.tsx';

/** Signs out here and on the server, and forgets what was read. */
export function useSignOut() {
  const router = useRouter();
  return useMutation(
    trpc.auth.signOut.mutationOptions({
      onSuccess: async () => {
        // First: the sign-in page asks again who is signed in, and leads back while somebody is.
        forgetSession();
        await router.navigate({ to: '/sign-in' });
      },
      onError: (error) => complain('You are still signed in', failureText(failureOf(error))),
    }),
  );
}

export function Account() {
  const { user } = useSession();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <UnstyledButton aria-label={`Account of ${user.name}`} style={{ borderRadius: '50%' }}>
          <Avatar radius="xl" color="loom" variant="filled" size={34} aria-hidden>
            <UserRound size={18} />
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown aria-label={`Account of ${user.name}`}>
        <Menu.Item component="div" disabled style={{ opacity: 1 }}>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {user.name}
          </Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {user.email} · {user.role}
          </Text>
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
