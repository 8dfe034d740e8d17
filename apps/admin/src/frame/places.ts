import type { Scope } from '@orderloom/core';
import { Boxes, type LucideIcon, ShoppingCart, Users } from 'lucide-react';
import { useMay } from '../session.ts';

type Place = {
  readonly to: '/orders' | '/products' | '/customers';
  readonly text: string;
  readonly icon: LucideIcon;
  /** Any of these rights opens the place; everybody who is signed in may see the products. */
  readonly needs: readonly Scope[];
};

const places: readonly Place[] = [
  { to: '/orders', text: 'Orders', icon: ShoppingCart, needs: ['orders:read_all', 'orders:read_own'] },
  { to: '/products', text: 'Products', icon: Boxes, needs: [] },
  { to: '/customers', text: 'Customers', icon: Users, needs: ['customers:read'] },
];

/** Where the user can go. */
export function usePlaces(): readonly Place[] {
  const may = useMay();
  return places.filter(({ needs }) => needs.length === 0 || needs.some(may));
}

/** Whether the user may place an order, for anybody or for themselves. */
export function useMayPlace(): boolean {
  const may = useMay();
  return may('orders:create_for_any') || may('orders:create');
}
