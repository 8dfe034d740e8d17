import { describe, expect, it } from 'vitest';
import { isCommonPassword } from './common-passwords.ts';
import { hashPassword, verifyPassword } from './password.ts';

const valueOf = <T>(result: { ok: true; value: T } | { ok: false }): T => {
  if (!result.ok) throw new Error('busy');
  return result.value;
};
const stored = () => hashPassword('correct horse battery').then(valueOf);

describe('a stored password', () => {
  it('is an argon2id PHC string with its cost, salted anew each time', async () => {
    const [one, other] = [await stored(), await stored()];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.toBe(other);
  });

  it('is recognised, and nothing else is', async () => {
    const phc = await stored();
    expect(await verifyPassword(phc, 'correct horse battery')).toEqual({ ok: true, value: true });
    expect(await verifyPassword(phc, 'correct horse batterz')).toEqual({ ok: true, value: false });
  });

  it('by another implementation and at another cost is recognised', async () => {
    // The reference implementation's test vector for argon2id.
    const foreign = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await verifyPassword(foreign, 'password')).toEqual({ ok: true, value: true });
  });

  it('that does not exist matches nothing, after the same work', async () => {
    expect(await verifyPassword(null, '')).toEqual({ ok: true, value: false });
  });
});

describe('checking passwords', () => {
  it('has a queue with an end: whoever comes later is told to come back', async () => {
    const phc = await stored();
    const all = await Promise.all(Array.from({ length: 40 }, () => verifyPassword(phc, 'no')));
    expect(all.filter((one) => one.ok)).toHaveLength(32);
    expect(all.find((one) => !one.ok)).toEqual({ ok: false, error: { code: 'BUSY', retryAfterSeconds: 2 } });
    expect(await verifyPassword(phc, 'correct horse battery')).toEqual({ ok: true, value: true });
  });
});

describe('a password that everybody knows', () => {
  it.each(['password1234', 'PassWord1234', 'aaaaaaaaaaaaa', 'abcabcabcabcab', '123456789012'])(
    'is %s',
    (word) => expect(isCommonPassword(word)).toBe(true),
  );
  it.each(['orderloom-demo', 'correct horse battery', 'Tr0ub4dor&3-and-more'])('is not %s', (word) =>
    expect(isCommonPassword(word)).toBe(false),
  );
});
