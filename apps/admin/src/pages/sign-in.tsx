import { Box, Center, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { SignIn } from '@orderloom/core/inputs';
import { useMutation } from '@tanstack/react-query';
import { createRoute, redirect, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { z } from 'zod';
import { useForm } from '../form.ts';
import { Mark } from '../frame/mark.tsx';
import { root } from '../root.tsx';
import { findSession, forgetSession } from '../session.ts';
import { trpc } from '../trpc.ts';
import { Fields } from '../ui/field.tsx';

const Search = z.object({
  // A page of this console, never another site.
  from: z
    .string()
    .regex(/^\/(?![/\\])/)
    .optional()
    .catch(undefined),
});
export const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: Search,
  beforeLoad: async () => {
    if (await findSession()) redirect({ to: '/orders', throw: true });
  },
  component: SignInPage,
});

function SignInPage() {
  useDocumentTitle('Sign in · Orderloom');
  const router = useRouter();
  const { from = '/orders' } = signInRoute.useSearch();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation(
    trpc.auth.signIn.mutationOptions({
      onSuccess: () => {
        forgetSession();
        router.history.push(router.history.createHref(router.basepath + from));
      },
    }),
  );
  const form = useForm({ schema: SignIn }, signIn);
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={380} gap="lg">
        <Group gap="sm">
          <Mark size={40} />
          <div>
            <Title order={1}>Sign in</Title>
            <Text c="dimmed" size="sm">
              Orderloom console
            </Text>
          </div>
        </Group>
        <Box className="ol-card" p="lg">
          <Fields
            form={form}
            labels={{ email: 'Email address', password: 'Password' }}
            submit="Sign in"
            onSubmit={() => form.send({ email, password })}
          >
            <TextInput
              {...form.field('email')}
              label="Email address"
              type="email"
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              {...form.field('password')}
              label="Password"
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </Fields>
        </Box>
      </Stack>
    </Center>
  );
}
