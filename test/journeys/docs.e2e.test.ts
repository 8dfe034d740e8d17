import { type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aShop, startApp } from '../../apps/server/src/testing.ts';
import { launchBrowser } from '../browser.ts';

const app = await startApp();
const { staff } = await aShop(app);
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(app.url) && !request.url().startsWith('data:'))
      complaints.push(request.url());
  });
});
afterAll(() => browser.close());

describe('a newcomer at the documentation', () => {
  it('signs in with a token and tries a call without leaving the page', async () => {
    await page.goto(`${app.url}/docs`);
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    await page.getByLabel('auth-bearer-value').fill(staff.token);
    await page.getByRole('button', { name: 'Apply credentials' }).first().click();
    await page.getByRole('button', { name: 'Close' }).first().click();
    await page.getByText('All products with price and stock').click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.getByText('Server response').waitFor();
    const answer = page.locator('.live-responses-table .response-col_status').nth(1);
    await answer.waitFor();
    expect(await answer.innerText()).toContain('200');
  });

  it('meets nothing that the policy of the page forbids, and nothing from elsewhere', () => {
    expect(complaints).toEqual([]);
  });
});
