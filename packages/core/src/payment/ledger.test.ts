import { describe, expect, it } from 'vitest';
import { accounts, customerAccountOf, entry, topUp, transfer } from './ledger.ts';

describe('an entry', () => {
  it('adds up accounts that are named twice and leaves zeros out', () => {
    const postings = [
      { account: 'a', amount: 5 },
      { account: 'b', amount: -3 },
      { account: 'a', amount: -2 },
      { account: 'c', amount: 0 },
    ];
    expect(entry('memo', 'USD', postings).postings).toEqual([
      { account: 'a', amount: 3 },
      { account: 'b', amount: -3 },
    ]);
  });

  it('never loses or makes money', () => {
    expect(() => entry('memo', 'USD', [{ account: 'a', amount: 1 }])).toThrow('off by 1');
  });
});

describe('a transfer', () => {
  it('debits one account and credits another', () => {
    expect(transfer('hold', 'USD', { debit: 'a', credit: 'b', amount: 7 })).toEqual({
      memo: 'hold',
      currency: 'USD',
      postings: [
        { account: 'a', amount: -7 },
        { account: 'b', amount: 7 },
      ],
    });
  });
});

describe('a customer’s account', () => {
  it.each(['c1', 'c:1'])('is read back from its name: %s', (customerId) => {
    expect(customerAccountOf(accounts.balance(customerId))).toEqual({ customerId, kind: 'balance' });
    expect(customerAccountOf(accounts.held(customerId))).toEqual({ customerId, kind: 'held' });
  });

  it.each(['cash', 'gateway:card', 'order-funds:o1', 'sales:s1'])('is not %s', (account) => {
    expect(customerAccountOf(account)).toBeNull();
  });

  it('is filled from cash, or corrected', () => {
    expect(topUp('c1', 'USD', { amount: 500, reason: 'paid in', source: 'cash' }).postings).toEqual([
      { account: 'cash', amount: -500 },
      { account: 'customer-balance:c1', amount: 500 },
    ]);
    expect(topUp('c1', 'USD', { amount: -500, reason: 'typo', source: 'adjustment' }).postings).toEqual([
      { account: 'adjustments', amount: 500 },
      { account: 'customer-balance:c1', amount: -500 },
    ]);
  });
});
