import { minor, type Minor } from '../money.ts';

/** One side of an entry. Credits are positive and debits negative, so every entry adds up to zero (I-7). */
export type Posting = { readonly account: string; readonly amount: Minor };

/** One movement of money between accounts, in one currency. */
export type Entry = {
  readonly memo: string;
  readonly currency: string;
  readonly postings: readonly Posting[];
};

/** The names of the ledger's accounts. */
export const accounts = {
  cash: 'cash',
  gateway: (provider: string) => `gateway:${provider}`,
  balance: (customerId: string) => `customer-balance:${customerId}`,
  held: (customerId: string) => `customer-held:${customerId}`,
  orderFunds: (orderId: string) => `order-funds:${orderId}`,
  sales: (storeId: string) => `sales:${storeId}`,
  shippingIncome: 'shipping-income',
  taxPayable: 'tax-payable',
  discounts: 'discounts',
  refunds: 'refunds',
  adjustments: 'adjustments',
} as const;

/**
 * An entry from its postings; accounts named twice are added up and zeros left out.
 * Throws RangeError when the postings do not add up to zero: money is only ever moved.
 */
export function entry(memo: string, currency: string, postings: readonly Posting[]): Entry {
  const byAccount = new Map<string, Minor>();
  for (const { account, amount } of postings)
    byAccount.set(account, minor((byAccount.get(account) ?? 0) + amount));
  const kept = [...byAccount].filter(([, amount]) => amount !== 0);
  const rest = kept.reduce((total, [, amount]) => minor(total + amount), 0);
  if (rest !== 0) throw new RangeError(`entry "${memo}" is off by ${rest}`);
  return { memo, currency, postings: kept.map(([account, amount]) => ({ account, amount })) };
}

/** Moves `amount` out of the account `debit` into the account `credit`. */
export const transfer = (memo: string, currency: string, move: Transfer): Entry =>
  entry(memo, currency, [
    { account: move.debit, amount: -move.amount },
    { account: move.credit, amount: move.amount },
  ]);

/** The two accounts of a transfer and its amount. */
export type Transfer = { readonly debit: string; readonly credit: string; readonly amount: Minor };

/** A customer's two accounts that are kept as rows, because they must never fall below their floor. */
export type CustomerAccount = { readonly customerId: string; readonly kind: 'balance' | 'held' };

/** Reads a customer's account from its name; `null` for accounts that have postings only. */
export function customerAccountOf(account: string): CustomerAccount | null {
  const [, kind, customerId] = /^customer-(balance|held):(.+)$/s.exec(account) ?? [];
  if (customerId === undefined) return null;
  return { customerId, kind: kind === 'held' ? 'held' : 'balance' };
}

/** A customer's balance goes up (or, with a negative amount, is corrected down) from outside. */
export const topUp = (customerId: string, currency: string, change: TopUp): Entry =>
  transfer(change.reason, currency, {
    debit: change.source === 'cash' ? accounts.cash : accounts.adjustments,
    credit: accounts.balance(customerId),
    amount: change.amount,
  });

/** How much a balance goes up or down by, why, and where the money comes from. */
export type TopUp = {
  readonly amount: Minor;
  readonly reason: string;
  readonly source: 'cash' | 'adjustment';
};
