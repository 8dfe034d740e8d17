import { describe, expect, it } from 'vitest';
import { openConsole } from './console.ts';
import { add, press, statusOf } from './steps.ts';

const { shop, visit } = await openConsole();

describe('an order for more than there is', () => {
  it('shows which line is short and what is available, and can take that', async () => {
    const { staff } = await shop({ stock: 3 });
    const page = await visit(staff);
    await page.getByRole('link', { name: 'Place an order' }).first().click();
    await add(page, { product: 'Mug', quantity: 5 });
    await press(page, 'Place order');

    await page.getByRole('alert').filter({ hasText: 'There is not enough stock' }).waitFor();
    const line = page.getByRole('group', { name: 'Mug' });
    expect(await line.getByRole('alert').innerText()).toBe('Only 3 available, 5 wanted.');
    await line.getByRole('button', { name: 'Order 3' }).click();
    await press(page, 'Place order');
    await page.getByRole('heading', { name: /^ORD-/, level: 1 }).waitFor();
    expect(await statusOf(page)).toEqual(['Pending', 'Unpaid', 'Unfulfilled']);
  });

  it('is refused line by line while the form keeps what was typed', async () => {
    const { staff } = await shop();
    const page = await visit(staff);
    await page.goto('/admin/orders/new');
    await page.getByRole('textbox', { name: 'Notes' }).fill('Ring twice');
    await press(page, 'Place order');
    const summary = page.getByRole('alert', { name: 'This needs a correction' });
    await summary.getByRole('button', { name: 'Products: Add at least one.' }).click();
    const field = page.getByRole('textbox', { name: 'Add a product' });
    expect(await field.evaluate((node) => node === document.activeElement)).toBe(true);
    expect(await page.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('Ring twice');
  });
});
