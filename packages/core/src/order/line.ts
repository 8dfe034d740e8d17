import { type Minor, times } from '../money.ts';
import type { Line } from './order.ts';
import type { ShelfItem } from './shelf.ts';

/** What a new line is besides its item. */
export type LineSaid = Pick<Line, 'id' | 'position' | 'locationId' | 'quantity'> & {
  /** What the client called the product. */
  readonly ref: string;
  readonly unitPrice: Minor;
};

/** A line of an item as it is for sale now, before discount and tax. */
export const newLine = (item: ShelfItem, { ref, unitPrice, ...said }: LineSaid): Line => ({
  id: said.id,
  position: said.position,
  productId: item.productId,
  variantId: item.variantId,
  storeId: item.storeId,
  locationId: said.locationId,
  sku: item.sku,
  name: item.name,
  requestedRef: ref,
  unitPrice,
  priceSource: unitPrice === item.price ? 'catalog' : 'override',
  quantity: said.quantity,
  cancelledQuantity: 0,
  shippedQuantity: 0,
  deliveredQuantity: 0,
  returnedQuantity: 0,
  refundedQuantity: 0,
  discount: 0,
  tax: 0,
  total: times(unitPrice, said.quantity),
});

/** The store of lines that are all of one, `null` where they are of several. */
export function storeOf(lines: readonly Line[]): string | null {
  const stores = new Set(lines.map(({ storeId }) => storeId));
  return stores.size === 1 ? (lines[0]?.storeId ?? null) : null;
}
