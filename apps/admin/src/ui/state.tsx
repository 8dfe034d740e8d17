import {
  Alert,
  Button,
  Center,
  Code,
  CopyButton,
  EmptyState,
  Group,
  Loader,
  Stack,
  Text,
} from '@mantine/core';
import { CircleAlert, type LucideIcon, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';

type EmptyProps = {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
};

/** Nothing to show, and what to do about it. */
export const Empty = ({ icon: Icon, title, children, action }: EmptyProps) => (
  <EmptyState
    py="xl"
    px="md"
    icon={<Icon size={28} aria-hidden />}
    title={title}
    description={children}
    withIndicatorBackground
  >
    {action && <EmptyState.Actions>{action}</EmptyState.Actions>}
  </EmptyState>
);

type FailureProps = {
  readonly title: string;
  readonly children: ReactNode;
  readonly requestId?: string | null;
  readonly onRetry?: () => void;
};

/** Something could not be read: what, why, and how to go on. */
export const FailureNote = ({ title, children, requestId, onRetry }: FailureProps) => (
  <Alert color="red" variant="outline" icon={<CircleAlert aria-hidden />} title={title} m="md" role="alert">
    <Stack gap="sm" align="flex-start">
      <Text size="sm">{children}</Text>
      {requestId && (
        <CopyButton value={requestId}>
          {({ copied, copy }) => (
            <Group gap="xs">
              <Text size="sm">Request</Text>
              <Code>{requestId}</Code>
              <Button size="compact-sm" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            </Group>
          )}
        </CopyButton>
      )}
      {onRetry && (
        <Button
          size="sm"
          variant="default"
          leftSection={<RotateCw size={16} aria-hidden />}
          onClick={onRetry}
        >
          Try again
        </Button>
      )}
    </Stack>
  </Alert>
);

export const Waiting = ({ what = 'the page' }: { readonly what?: string }) => (
  <Center component="output" mih={220} aria-label={`Loading ${what}`}>
    <Loader aria-hidden />
  </Center>
);
