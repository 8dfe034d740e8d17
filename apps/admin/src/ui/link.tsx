import {
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  Menu,
  type MenuItemProps,
  NavLink,
  type NavLinkProps,
} from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';

type Plain = Pick<ComponentProps<'a'>, 'href' | 'onClick' | 'ref'>;

/** The kit's link, button and menu entry, going where the router knows a page. */
export const LinkTo = createLink((props: Omit<AnchorProps, 'href'> & Plain) => <Anchor {...props} />);
export const ButtonTo = createLink((props: Omit<ButtonProps, 'href'> & Plain) => (
  <Button component="a" {...props} />
));
export const NavTo = createLink((props: Omit<NavLinkProps, 'href'> & Plain) => (
  <NavLink component="a" {...props} />
));
export const MenuItemTo = createLink((props: Omit<MenuItemProps, 'href'> & Plain) => (
  <Menu.Item component="a" {...props} />
));
