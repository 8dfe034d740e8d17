import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Group,
  Kbd,
  ScrollArea,
  Text,
  VisuallyHidden,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { createRoute, Outlet, redirect } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { Account } from './frame/account.tsx';
import { Mark } from './frame/mark.tsx';
import { usePlaces } from './frame/places.ts';
import { Palette } from './frame/palette.tsx';
import { SchemeToggle } from './frame/scheme.tsx';
import { NoSuchPage, PageFailed, root } from './root.tsx';
import { findSession, useSession } from './session.ts';
import { LinkTo, NavTo } from './ui/link.tsx';

/** Everything behind the sign-in: the frame around every page. */
export const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  beforeLoad: async ({ location }) => {
    const session = await findSession();
    if (session) return { session };
    redirect({ to: '/sign-in', search: { from: location.href }, throw: true });
    throw new Error('nobody is signed in');
  },
  component: Frame,
  errorComponent: PageFailed,
  notFoundComponent: NoSuchPage,
});

function Frame() {
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="ol-skip" href="#main">
        Skip to the page
      </a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? 'Close the navigation' : 'Open the navigation'}
            />
            <Shop />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Finder />
            <SchemeToggle />
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="sm"
        aria-label="Main"
        component="nav"
        className="ol-nav"
        data-closed={!opened || undefined}
      >
        <ScrollArea>
          <Places onGo={close} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      <Palette />
    </AppShell>
  );
}

function Shop() {
  const { tenant } = useSession();
  return (
    <LinkTo to="/orders" underline="never" c="inherit" miw={0}>
      <Group gap="xs" wrap="nowrap">
        <Mark />
        <Text fw={650} visibleFrom="md">
          Orderloom
        </Text>
        <Text c="dimmed" truncate>
          {tenant.name}
        </Text>
      </Group>
    </LinkTo>
  );
}

/** Opens the palette; the shortcut stands beside it, for those who have a keyboard. */
const Finder = () => (
  <>
    <Button
      variant="default"
      fw={400}
      c="dimmed"
      visibleFrom="sm"
      leftSection={<Search size={16} aria-hidden />}
      rightSection={<Kbd aria-hidden>Ctrl K</Kbd>}
      onClick={spotlight.open}
    >
      Find or do
    </Button>
    <ActionIcon hiddenFrom="sm" onClick={spotlight.open} aria-label="Find or do">
      <Search size={20} aria-hidden />
    </ActionIcon>
    <VisuallyHidden>Control or Command K opens the palette.</VisuallyHidden>
  </>
);

const Places = ({ onGo }: { readonly onGo: () => void }) =>
  usePlaces().map(({ to, text, icon: Icon }) => (
    <NavTo
      key={to}
      to={to}
      label={text}
      leftSection={<Icon size={18} aria-hidden />}
      activeProps={{ active: true }}
      activeOptions={{ exact: false, includeSearch: false }}
      onClick={onGo}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    />
  ));
