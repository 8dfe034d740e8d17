import { Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';

type PageProps = {
  readonly title: string;
  /** What stands beside the title, such as status pills. */
  readonly beside?: ReactNode;
  readonly under?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
};

/** A page: one heading, its actions to the right, and the browser tab's title. */
export function Page({ title, beside, under, actions, children }: PageProps) {
  useDocumentTitle(`${title} · Orderloom`);
  return (
    <Stack gap="md" maw={1320} mx="auto">
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={4} miw={0}>
          <Group gap="sm">
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {beside}
          </Group>
          {under && (
            <Text component="div" c="dimmed" size="sm">
              {under}
            </Text>
          )}
        </Stack>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

type CardProps = {
  readonly title: string;
  readonly actions?: ReactNode;
  /** A table reaches the card's edges; everything else keeps its distance. */
  readonly flush?: boolean;
  readonly children: ReactNode;
};

/** A part of a page that has a name. */
export function Card({ title, actions, flush = false, children }: CardProps) {
  const id = useId();
  return (
    <section className="ol-card" aria-labelledby={id}>
      <header>
        <Title order={2} id={id}>
          {title}
        </Title>
        {actions}
      </header>
      {flush ? children : <div className="ol-inside">{children}</div>}
    </section>
  );
}

/** Names and values, such as the totals of an order. */
export const Facts = ({ of }: { readonly of: readonly (readonly [string, ReactNode])[] }) => (
  <dl className="ol-facts">
    {of.map(([name, value]) => (
      <div key={name} style={{ display: 'contents' }}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
