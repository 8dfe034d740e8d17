import { describe, expect, it } from 'vitest';
import { may, roles, scopes, scopesOf } from './access.ts';

describe('what a caller may do', () => {
  it('is everything for an admin', () => {
    for (const scope of scopes) expect(may({ role: 'admin', granted: null }, scope)).toBe(true);
  });

  it('grows from customer to staff to admin', () => {
    expect(scopesOf.staff).toEqual(expect.arrayContaining([...scopesOf.customer]));
    expect(scopesOf.admin).toEqual(expect.arrayContaining([...scopesOf.staff]));
  });

  it.each([
    'tokens:admin',
    'users:admin',
    'tenants:admin',
    'orders:override_price',
    'payments:delete',
  ] as const)('leaves %s to admins', (scope) => {
    expect(roles.filter((role) => may({ role, granted: null }, scope))).toEqual(['admin']);
  });

  it('keeps a service from refunds, exports and figures', () => {
    const denied = scopesOf.staff.filter((scope) => !scopesOf.service.includes(scope));
    expect(denied).toEqual([
      'analytics:own',
      'orders:refund',
      'payments:refund',
      'analytics:all',
      'export:run',
    ]);
  });

  it('is for a token what was granted, never more than its role has', () => {
    const token = { role: 'staff', granted: ['stock:read', 'users:admin'] } as const;
    expect(scopes.filter((scope) => may(token, scope))).toEqual(['stock:read']);
  });

  it('names every right once', () => {
    for (const role of roles) expect(new Set(scopesOf[role]).size).toBe(scopesOf[role].length);
  });
});
