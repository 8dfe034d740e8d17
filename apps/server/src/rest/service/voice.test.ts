import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../errors.ts';
import { refusals } from '../../refusals.ts';
import { errorPages } from '../error-pages.ts';
import { refusalsOf, sampleIn } from '../family.ts';
import { families } from '../mount.ts';
import { service } from './family.ts';
import { serviceNo } from './voice.ts';

const publicUrl = 'https://shop.example';
const [voice] = families.filter(({ name }) => name === 'api');
const pages = new Set((voice ? errorPages(voice, publicUrl) : []).map(({ code }) => code));
const isCode = (word: string): word is Refusal['code'] => word in refusals;
const codes = Object.keys(refusals).filter(isCode);
const told = (operation: string | null) => ({
  requestId: 'a-request',
  path: '/orders',
  publicUrl,
  operation,
});
const say = (refusal: Refusal, operation: string | null = null) => serviceNo(refusal, told(operation));

const calls = [
  ...codes.map((code) => [code, null] as const),
  ...service.rows.flatMap((row) => refusalsOf(service, row).map((code) => [code, row.operationId] as const)),
];

describe('a refusal of the service family', () => {
  it.each(calls)('%s of %s has its page, and something to say in every voice', (code, operation) => {
    const body = Object(say(sampleIn(service, code), operation).body);
    expect(body.documentation).toBe(`${publicUrl}/docs/errors/${body.code}`);
    expect(pages).toContain(body.code);
    for (const key of ['error', 'message', 'detail']) expect(body[key]).toMatch(/\w/);
  });

  it('has its keys in the printed order', () => {
    const keys = Object.keys(Object(say(sampleIn(service, 'ORDER_NOT_FOUND')).body));
    expect(keys).toEqual(['error', 'documentation', 'code', 'message', 'detail']);
    expect(Object.keys(Object(say(sampleIn(service, 'INVALID_INPUT')).body))).toEqual([...keys, 'details']);
  });

  it('names the field of an unknown product, and no field that was not sent', () => {
    const unknown = { code: 'PRODUCT_UNKNOWN', line: 2, ref: 'A1' } as const;
    expect(say(unknown, 'editServiceOrder').body).toMatchObject({
      message: 'products.2.product_id: Product not found: A1',
      details: { 'products.2.product_id': ['Product not found: A1'] },
    });
    for (const operation of ['setServiceOrderStatus', 'confirmServiceOrder']) {
      const { status, body } = say(unknown, operation);
      expect([status, body]).toMatchObject([400, { detail: 'Product not found: A1' }]);
      expect(body).not.toHaveProperty('details');
    }
  });

  it('is not confused by fields that are called as every object’s own', () => {
    const issues = ['constructor', '__proto__', 'toString'].map((path) => ({ path, message: 'no' }));
    for (const issue of issues)
      expect(say({ code: 'INVALID_INPUT', issues: [issue] }).body).toMatchObject({ code: 'invalid_request' });
  });

  it('says nothing of what broke but where to look for it', () => {
    expect(say({ code: 'INTERNAL' })).toEqual({
      status: 500,
      body: {
        error: 'Failed to process request',
        documentation: `${publicUrl}/docs/errors/internal`,
        code: 'internal',
        message: 'Failed to process request',
        detail: 'reference a-request',
      },
    });
    expect(say({ code: 'INTERNAL' }, 'createCustomerOrder').body).toMatchObject({
      error: 'Failed to create the order.',
      detail: 'Failed to create the order.',
    });
  });

  it('names the version, the status, the total or the right that is needed', () => {
    const details = (
      [
        { code: 'VERSION_CONFLICT', currentVersion: 3 },
        { code: 'VERSION_CONFLICT', currentVersion: null },
        { code: 'NO_PATH', from: 'DELIVERED', to: 'PENDING' },
        { code: 'INVALID_TRANSITION', from: 'CLOSED', command: 'cancelOrder' },
        { code: 'TOTAL_MISMATCH', declared: 1_000, total: 5_000 },
        { code: 'FORBIDDEN', scope: 'orders:update_all' },
        { code: 'METHOD_NOT_ALLOWED', allowed: ['GET', 'HEAD'] },
      ] as const
    ).map((refusal) => Object(say(refusal).body).detail);
    expect(details).toEqual([
      'The current version is 3.',
      'It has changed since you read it.',
      'No way leads from delivered to Ordered.',
      'The order is closed.',
      'The order is worth 5000, and 1000 was agreed to (minor units).',
      'This needs the scope orders:update_all.',
      'This path knows GET, HEAD.',
    ]);
  });
});
