import { formatMoney, type Minor } from '../money.ts';

/** The sentences of the balance dialect, word for word. */
export const balanceSentences = {
  completed: 'Order Completed Successfully.',
  stockUnavailable: 'Stock unavailable.',
  insufficientBalance: 'Insufficient balance.',
  invalidJson: 'Invalid JSON format.',
  missingFields: 'Missing required fields.',
  customerNotFound: 'Customer not found.',
  productNotFound: 'Product not found.',
  authenticationRequired: 'Authentication required.',
} as const;

/** Says which field has a value that is not allowed. */
export const invalidField = (field: string): string => `Invalid field: ${field}.`;

/** A price as a JSON number token with all digits of its currency: `2500` USD is `25.00` (S0-17). */
export const priceToken = (price: Minor, currency: string): string => formatMoney(price, currency);

/** A balance as a JSON number token, with a fraction only where there is one: `100`, `62.50` (S0-15). */
export const balanceToken = (balance: Minor, currency: string): string =>
  formatMoney(balance, currency).replace(/\.0+$/, '');
