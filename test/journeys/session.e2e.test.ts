import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { testPassword } from '../../apps/server/src/testing.ts';
import { openConsole } from './console.ts';
import { press } from './steps.ts';

const { app, shop, visit } = await openConsole();

describe('signing in', () => {
  it('leads to the page that was asked for, and out again', async () => {
    const { staff } = await shop();
    const page = await visit(null);
    await page.goto('/admin/products?search=mug');
    await page.getByRole('textbox', { name: 'Email address' }).fill(staff.email);
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await press(page, 'Sign in');
    await page.getByRole('alert').filter({ hasText: 'email address or the password is wrong' }).waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill(testPassword);
    await press(page, 'Sign in');
    await page.getByRole('heading', { name: 'Products', level: 1 }).waitFor();
    expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('mug');

    await press(page, 'Account of staff');
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('shows only the places that the rights open', async () => {
    const { staff, customer } = await shop();
    const places = async (page: Awaited<ReturnType<typeof visit>>) =>
      page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts();
    expect(await places(await visit(staff))).toEqual(['Orders', 'Products', 'Customers']);
    expect(await places(await visit(customer))).toEqual(['Orders', 'Products']);
  });

  it('loads at most 350 kB of script, all of it our own', async () => {
    const page = await visit(null);
    const scripts: Promise<Buffer>[] = [];
    const strange: string[] = [];
    page.on('response', (response) => {
      if (!response.url().startsWith(app.url)) strange.push(response.url());
      if (response.request().resourceType() === 'script') scripts.push(response.body());
    });
    await page.goto('/admin/');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(350_000);
    expect(strange).toEqual([]);
  });
});
