import { describe, expect, it } from 'vitest';
import type { Config } from './config.ts';
import { createLog, logFailure, logRefusal } from './log.ts';

const logged = (mode: Config['mode'], logLevel: Config['logLevel'] = 'debug') => {
  const lines: string[] = [];
  return { lines, log: createLog({ mode, logLevel }, (line) => lines.push(line)) };
};

describe('the log', () => {
  it('has one JSON object per line, with the level in words', () => {
    const { lines, log } = logged('production');
    log.info({ orderId: 'order-1' }, 'placed');
    log.warn('short');
    const [first, second] = lines.map((line) => JSON.parse(line));
    expect(first).toEqual({ level: 'INFO', time: expect.any(String), orderId: 'order-1', msg: 'placed' });
    expect(second.level).toBe('WARNING');
  });

  it('says nothing below its level', () => {
    const { lines, log } = logged('production', 'warn');
    log.info('quiet');
    expect(lines).toEqual([]);
  });

  it('never shows a secret, wherever it stands', () => {
    const { lines, log } = logged('production');
    const secret = 'S3cr3t-value-for-nobody';
    log.info(
      { password: secret, token: secret, headers: { authorization: secret, 'x-api-key': secret } },
      'a',
    );
    log.info(
      { req: { headers: { cookie: secret, 'set-cookie': [secret] } }, input: { newPassword: secret } },
      'b',
    );
    log.info(`used olm_live_0199_${secret} and olm_test_admin_x9`);
    logFailure(log, new Error(`connect postgresql://app:${secret}@db:5432/shop failed`), 'orders.place');
    logFailure(log, new Error(`smtp://shop:${secret}@mail:587 refused`), 'mail');
    expect(lines).toHaveLength(5);
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).toContain('postgresql://app:[redacted]@db');
    expect(lines.join('')).toContain('smtp://shop:[redacted]@mail');
  });

  it('tells every refusal with its code and facts as a WARNING', () => {
    const { lines, log } = logged('production');
    logRefusal(log, { code: 'ORDER_NOT_FOUND', id: 'ORD-1' }, 'orders.get');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'WARNING',
      where: 'orders.get',
      refusal: { code: 'ORDER_NOT_FOUND', id: 'ORD-1' },
    });
  });

  it('keeps a line a line, whatever is written into it', () => {
    const { lines, log } = logged('production');
    log.info('one\ntwo\r\n{"level":"INFO"}');
    expect(lines.join('').trim().split('\n')).toHaveLength(1);
  });

  it('is readable in development, with the stack of a failure below its line', () => {
    const { lines, log } = logged('development');
    logFailure(log.child({ requestId: 'request-1' }), new Error('dead'), 'orders.place');
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d ERROR {3}failed {2}requestId=request-1 where=orders.place\nError: dead\n/,
    );
  });
});
