import { describe, expect, it } from 'vitest';
import { procedures } from '../../apps/server/src/testing.ts';
import { openConsole } from './console.ts';
import { patience, place, press, statusOf } from './steps.ts';

const { app, shop, visit } = await openConsole();

describe('a page that somebody else has overtaken', () => {
  it('tells what happened meanwhile and saves nothing over it', async () => {
    const { staff, admin } = await shop();
    const page = await visit(staff);
    const number = await place(page, 1);
    const other = await procedures(app, admin);
    await other.orders.change({ id: number, command: { type: 'cancelOrder', reason: 'Out of business' } });

    await press(page, 'Confirm');
    const dialog = page.getByRole('dialog', { name: 'This order was changed meanwhile' });
    const news = dialog.getByRole('list', { name: 'Changes since the page was opened' });
    await news.getByRole('listitem').filter({ hasText: 'Order cancelled by admin' }).waitFor();
    await dialog.getByRole('button', { name: 'Show the order as it is now' }).click();
    await expect.poll(() => statusOf(page), patience).toEqual(['Cancelled', 'Unpaid', 'Unfulfilled']);
    const order = await other.orders.get({ id: number });
    expect(order).toMatchObject({ status: 'CANCELLED', version: 2 });
  });

  it('keeps money that is being recorded from an order that has changed', async () => {
    const { staff, admin } = await shop();
    const page = await visit(staff);
    const number = await place(page, 1);
    await press(page, 'Record payment');
    const other = await procedures(app, admin);
    await other.payments.create({ order: number, method: 'cash', process: true });

    const form = page.getByRole('dialog', { name: 'Record payment' });
    await form.getByRole('button', { name: 'Record payment' }).click();
    await page.getByRole('dialog', { name: 'This order was changed meanwhile' }).waitFor();
    await press(page, 'Show the order as it is now');
    await expect.poll(() => statusOf(page), patience).toEqual(['Pending', 'Paid', 'Unfulfilled']);
    expect((await other.orders.get({ id: number })).payments).toHaveLength(1);
  });
});
