import type { Page } from 'playwright-core';

/** For what a page shows a moment later. */
export const patience = { timeout: 30_000 };

/** What the order page says of the order: its status, its payment, its fulfilment. */
export const statusOf = async (page: Page): Promise<string[]> =>
  page.getByRole('list', { name: 'Status' }).getByRole('listitem').allInnerTexts();

/** Waits until the order page says that the order is in a state. */
export const becomes = (page: Page, status: string): Promise<void> =>
  page
    .getByRole('list', { name: 'Status' })
    .getByRole('listitem')
    .filter({ hasText: status })
    .first()
    .waitFor();

/** Presses a button by its name. */
export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

/** Puts a product on the order that is being placed. */
export async function add(
  page: Page,
  { product, quantity }: { product: string; quantity: number },
): Promise<void> {
  await page.getByRole('textbox', { name: 'Add a product' }).fill(product);
  await page.getByRole('option', { name: product }).first().click();
  await page.getByRole('textbox', { name: `Quantity of ${product}` }).fill(String(quantity));
}

/** Places an order from the list and answers its number. */
export async function place(page: Page, quantity: number): Promise<string> {
  await page.getByRole('link', { name: 'Place an order' }).first().click();
  await page.getByRole('textbox', { name: 'Customer' }).fill('jane');
  await page.getByRole('option', { name: 'Jane Roe' }).click();
  await add(page, { product: 'Mug', quantity });
  await press(page, 'Place order');
  const heading = page.getByRole('heading', { name: /^ORD-/, level: 1 });
  await heading.waitFor();
  return heading.innerText();
}

/** What the product page says can be sold. */
export async function availableOf(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Products', exact: true }).click();
  await page.getByRole('link', { name: 'Mug' }).click();
  const row = page.getByRole('table', { name: /by location/ }).getByRole('row', { name: /Warehouse/ });
  await row.waitFor();
  return row.getByRole('cell').last().innerText();
}
