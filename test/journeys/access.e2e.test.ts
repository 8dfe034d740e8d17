import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { procedures } from '../../apps/server/src/testing.ts';
import { openConsole } from './console.ts';
import { add, becomes, press } from './steps.ts';

const { app, shop, visit } = await openConsole();
const { staff } = await shop({ stock: 4 });
const staffCalls = await procedures(app, staff);
const placed = await staffCalls.orders.place({
  customer: 1,
  items: [{ product: 1, quantity: 1 }],
  shippingMethod: 'standard',
  notes: 'Leave it with the neighbour',
});
const order = placed.number ?? placed.id;
await staffCalls.payments.create({ order, method: 'cash', amount: 1_000, process: true });

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const colourRules = ['color-contrast', 'link-in-text-block'];

/** Within the page itself: there are no frames, for which axe would open an empty page each time. */
const axe = (page: Page) => new AxeBuilder({ page }).setLegacyMode();

/** What axe finds on the page as it stands, and of its colours once more when they are dark. */
async function findings(page: Page, where: string): Promise<string[]> {
  const light = await axe(page).withTags(tags).analyze();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.locator('html[data-mantine-color-scheme="dark"]').waitFor();
  const dark = await axe(page).withRules(colourRules).analyze();
  await page.emulateMedia({ colorScheme: 'light' });
  return [light, dark].flatMap(({ violations }, at) =>
    violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary = '' }) =>
        [where, at === 0 ? 'light' : 'dark', id, target.join(' '), failureSummary].join(': '),
      ),
    ),
  );
}

/** Every page at rest, by what tells that it is there. */
const pages: readonly (readonly [path: string, ready: (page: Page) => Promise<void>])[] = [
  ['orders', (page) => page.getByRole('link', { name: order }).waitFor()],
  ['orders?search=nothing', (page) => page.getByText('No orders match').waitFor()],
  ['orders/new', (page) => page.getByText('No products yet').waitFor()],
  [`orders/${order}`, (page) => page.getByRole('listitem').filter({ hasText: 'Order placed' }).waitFor()],
  ['orders/missing', (page) => page.getByRole('alert').waitFor()],
  ['products', (page) => page.getByRole('link', { name: 'Mug' }).waitFor()],
  [
    'products/1',
    (page) =>
      page
        .getByRole('cell', { name: /Reserved for/ })
        .first()
        .waitFor(),
  ],
  ['customers', (page) => page.getByRole('link', { name: 'Jane Roe' }).waitFor()],
  ['customers/1', (page) => page.getByRole('cell', { name: '$100.00' }).first().waitFor()],
  ['nowhere', (page) => page.getByText('There is nothing at this address').waitFor()],
];

/** Everything that opens above a page, by the page and the way there. */
const openings: readonly (readonly [name: string, path: string, open: (page: Page) => Promise<void>])[] = [
  ['palette', 'orders', openPalette],
  ['account menu', 'orders', (page) => press(page, 'Account of staff')],
  ['filter', 'orders', (page) => page.getByRole('combobox', { name: 'Order status' }).click()],
  ['product picker', 'orders/new', (page) => page.getByRole('textbox', { name: 'Add a product' }).click()],
  [
    'chosen customer',
    'orders/new?customer=1',
    (page) => page.getByRole('group', { name: 'Customer' }).waitFor(),
  ],
  ['short line', 'orders/new', orderTooMuch],
  ['empty form', 'orders/new', (page) => press(page, 'Place order')],
  ['cancel dialog', `orders/${order}`, (page) => press(page, 'Cancel order')],
  ['payment dialog', `orders/${order}`, (page) => press(page, 'Record payment')],
  ['refund dialog', `orders/${order}`, (page) => press(page, 'Refund payment')],
  ['record of an event', `orders/${order}`, (page) => page.getByText('What was recorded').first().click()],
  ['receive dialog', 'products/1', (page) => press(page, 'Receive')],
  ['adjust dialog', 'products/1', (page) => press(page, 'Adjust')],
  ['new product', 'products', (page) => press(page, 'Create a product')],
  ['new customer', 'customers', createNobody],
  ['top-up', 'customers/1', (page) => press(page, 'Top up the balance')],
];

/** Opens the palette and types into it. */
async function ask(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page
    .getByRole('dialog', { name: 'Find or do' })
    .getByRole('textbox', { name: 'Find or do' })
    .fill(text);
}

async function openPalette(page: Page): Promise<void> {
  await ask(page, 'ORD');
  await page.getByRole('button', { name: new RegExp(order) }).waitFor();
}

async function orderTooMuch(page: Page): Promise<void> {
  await add(page, { product: 'Mug', quantity: 9 });
  await press(page, 'Place order');
  await page.getByRole('alert').filter({ hasText: 'There is not enough stock' }).waitFor();
}

async function createNobody(page: Page): Promise<void> {
  await press(page, 'Create a customer');
  await press(page, 'Create customer');
  await page.getByRole('alert').first().waitFor();
}

// Dozens of pages in a row, and axe needs a second or two for each.
const patience = { timeout: 240_000 };

describe('the console in light and in dark colours', patience, () => {
  it('has nothing that axe objects to, on any page', async () => {
    const stranger = await visit(null);
    await stranger.goto('/admin/');
    await stranger.getByRole('heading', { name: 'Sign in' }).waitFor();
    const found = await findings(stranger, 'sign-in');
    const page = await visit(staff);
    for (const [path, ready] of pages) {
      await page.goto(`/admin/${path}`);
      await ready(page);
      found.push(...(await findings(page, path)));
    }
    expect(found).toEqual([]);
  });

  it('has nothing that axe objects to in what opens above a page', async () => {
    const page = await visit(staff);
    const found: string[] = [];
    for (const [name, path, open] of openings) {
      await page.goto(`/admin/${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await open(page);
      found.push(...(await findings(page, name)));
    }
    expect(found).toEqual([]);
  });
});

describe('the keyboard', patience, () => {
  it('never has its focus hidden, on a large screen or a small one', async () => {
    const hidden: string[] = [];
    for (const viewport of [
      { width: 1440, height: 700 },
      { width: 375, height: 640 },
    ]) {
      const page = await visit(staff, { viewport });
      for (const path of ['orders', `orders/${order}`, 'orders/new', 'products/1', 'customers/1']) {
        await page.goto(`/admin/${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        hidden.push(...(await walk(page)).map((what) => `${path} at ${viewport.width}: ${what}`));
      }
    }
    expect(hidden).toEqual([]);
  });

  it('reaches a page, an order and an action through the palette', async () => {
    const page = await visit(staff);
    await ask(page, order.slice(-4));
    await page.getByRole('button', { name: new RegExp(order) }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: order }).waitFor();
    await ask(page, 'confirm');
    await page.getByRole('button', { name: 'Confirm – this order' }).waitFor();
    await page.keyboard.press('Enter');
    await becomes(page, 'Confirmed');
    await ask(page, 'go to prod');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Products', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/admin/products');
  });

  it('skips the navigation', async () => {
    const page = await visit(staff);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: 'Skip to the page' }).press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });
});

describe('a narrow screen', patience, () => {
  it('never has to be moved sideways', async () => {
    const page = await visit(staff, { viewport: { width: 375, height: 812 } });
    const wide: string[] = [];
    for (const [path, ready] of pages) {
      await page.goto(`/admin/${path}`);
      await ready(page);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) wide.push(`${path}: ${over}px`);
    }
    expect(wide).toEqual([]);
  });
});

/** Tabs through a page and names what has the focus while something else covers it (WCAG 2.4.11). */
async function walk(page: Page): Promise<string[]> {
  const hidden: string[] = [];
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const verdict = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return 'end';
      const { left, top, width, height } = focused.getBoundingClientRect();
      const seen = [0.15, 0.5, 0.85].some((down) => {
        const there = document.elementFromPoint(left + width / 2, top + height * down);
        return there !== null && (focused.contains(there) || there.contains(focused));
      });
      return seen ? 'seen' : focused.outerHTML.slice(0, 120);
    });
    if (verdict === 'end') break;
    if (verdict !== 'seen') hidden.push(verdict);
  }
  return hidden;
}
