import { describe, expect, it } from 'vitest';
import { openConsole } from './console.ts';
import { availableOf, becomes, patience, place, press, statusOf } from './steps.ts';

const { shop, visit } = await openConsole();

describe('an order in the console', () => {
  it('is placed, confirmed, shipped and delivered', async () => {
    const { staff } = await shop();
    const page = await visit(staff);
    const number = await place(page, 2);
    expect(number).toMatch(/^ORD-\d{8}-0001$/);
    expect(await statusOf(page)).toEqual(['Pending', 'Unpaid', 'Unfulfilled']);

    await press(page, 'Confirm');
    await becomes(page, 'Confirmed');
    await press(page, 'Ship');
    const dialog = page.getByRole('dialog', { name: `Ship: ${number}` });
    await dialog.getByRole('textbox', { name: 'Tracking number' }).fill('TRACK-1');
    await dialog.getByRole('button', { name: 'Ship', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await statusOf(page)).toEqual(['Shipped', 'Unpaid', 'Shipped']);
    await press(page, 'Deliver');
    await becomes(page, 'Delivered');

    const timeline = page.getByRole('region', { name: 'Timeline' });
    await timeline.getByRole('listitem').filter({ hasText: 'Order delivered' }).waitFor();
    const told = await timeline.getByRole('listitem').allInnerTexts();
    expect(told.map((entry) => entry.split('\n')[0])).toEqual([
      'Order delivered',
      'Order shipped',
      'Order confirmed',
      'Order placed',
    ]);
    await expect.poll(() => availableOf(page), patience).toBe('8');
  });

  it('is paid by what the customer hands over', async () => {
    const { staff } = await shop();
    const page = await visit(staff);
    await place(page, 1);
    await press(page, 'Record payment');
    const dialog = page.getByRole('dialog', { name: 'Record payment' });
    const amount = dialog.getByRole('textbox', { name: 'Amount in USD' });
    expect(await amount.inputValue()).toBe('25.00');
    await amount.fill('99');
    await dialog.getByRole('button', { name: 'Record payment' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'Only $25.00 is still open' }).waitFor();
    await amount.fill('25');
    await dialog.getByRole('button', { name: 'Record payment' }).click();
    await becomes(page, 'Paid');
    const payment = page.getByRole('listitem', { name: 'Payment of $25.00 by bank transfer' });
    await payment.filter({ hasText: 'Paid' }).waitFor();
  });

  it('puts its goods back on the shelf when it is cancelled', async () => {
    const { staff } = await shop();
    const page = await visit(staff);
    const number = await place(page, 4);
    await expect.poll(() => availableOf(page), patience).toBe('6');
    await page.getByRole('link', { name: number }).click();
    await press(page, 'Cancel order');
    const dialog = page.getByRole('dialog', { name: `Cancel order: ${number}` });
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('The customer changed her mind');
    await dialog.getByRole('button', { name: 'Cancel order' }).click();
    await becomes(page, 'Cancelled');
    await expect.poll(() => availableOf(page), patience).toBe('10');
  });

  it('says why a step is refused instead of hiding it', async () => {
    const { staff } = await shop();
    const page = await visit(staff);
    await place(page, 3);
    await press(page, 'Confirm');
    await becomes(page, 'Confirmed');
    await page.getByRole('button', { name: 'Ship', exact: true }).focus();
    await page.keyboard.press('Tab');
    const close = page.getByRole('button', { name: 'Close', exact: true, disabled: true });
    expect(await close.evaluate((node) => node === document.activeElement)).toBe(true);
    await page.getByRole('tooltip', { name: /3 pieces are still to be shipped/ }).waitFor();
  });
});
