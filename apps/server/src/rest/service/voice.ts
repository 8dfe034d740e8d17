import { serviceSentences as said, serviceStatusOf } from '@orderloom/core';
import type { Issue, Refusal } from '../../errors.ts';
import { refusals } from '../../refusals.ts';
import type { Family, Told } from '../family.ts';

type Details = Readonly<Record<string, readonly string[]>>;

/**
 * A case in the three voices of this family: a sentence for people (`error`), a word and its text for
 * programs (`code`, `message`), and what it means here (`detail`).
 */
type Case = {
  readonly status: number;
  readonly error: string;
  readonly code: string;
  readonly message: string;
  readonly detail: string;
  readonly details?: Details;
};

/** Says no in the words of the three documents, whichever of them the caller has read. */
export function serviceNo(refusal: Refusal, told: Told): ReturnType<Family['refuse']> {
  const { publicUrl } = told;
  const { status, error, ...rest } = { ...usual(refusal), ...facts(refusal), ...special(refusal, told) };
  return { status, body: { error, documentation: `${publicUrl}/docs/errors/${rest.code}`, ...rest } };
}

function usual({ code }: Refusal): Case {
  const { http, title, wire, meaning } = refusals[code];
  return { status: http, error: title, code: wire, message: title, detail: meaning };
}

/** What the caller needs to know to go on, beside what the case means. */
function facts(refusal: Refusal): Partial<Case> {
  switch (refusal.code) {
    case 'VERSION_CONFLICT':
      return refusal.currentVersion === null
        ? { detail: 'It has changed since you read it.' }
        : { detail: `The current version is ${refusal.currentVersion}.` };
    case 'TOTAL_MISMATCH':
      return {
        detail: `The order is worth ${refusal.total}, and ${refusal.declared} was agreed to (minor units).`,
      };
    case 'NO_PATH':
      return {
        detail: `No way leads from ${serviceStatusOf(refusal.from)} to ${serviceStatusOf(refusal.to)}.`,
      };
    case 'INVALID_TRANSITION':
    case 'ORDER_NOT_EDITABLE':
      return { detail: `The order is ${serviceStatusOf(refusal.from)}.` };
    case 'CANCEL_AFTER_SHIPPING':
      return { detail: `The order is ${serviceStatusOf(refusal.from)}: it is too late to cancel it.` };
    case 'FORBIDDEN':
      return refusal.scope === null ? {} : { detail: `This needs the scope ${refusal.scope}.` };
    case 'METHOD_NOT_ALLOWED':
      return { detail: `This path knows ${refusal.allowed.join(', ')}.` };
    default:
      return {};
  }
}

const forCustomer = 'createCustomerOrder';

/** What is printed, where something is printed. */
function special(refusal: Refusal, { operation, requestId }: Told): Partial<Case> {
  switch (refusal.code) {
    case 'INVALID_INPUT':
      return malformed(naming.includes(operation) ? refusal.issues.map(inProductsOfBody) : refusal.issues);
    case 'UNKNOWN_PARAMETER':
      return malformed([{ path: refusal.name, message: 'This parameter is not known.' }]);
    case 'MALFORMED_JSON':
      return malformed([{ path: 'body', message: 'must be a JSON object' }]);
    case 'PRODUCT_UNKNOWN':
      return operation === forCustomer
        ? missing('Product not found.')
        : unmet(operation, `products.${refusal.line}.product_id`, `Product not found: ${refusal.ref}`);
    case 'REFERENCE_UNKNOWN':
      return operation === forCustomer || refusal.field !== 'customer'
        ? missing(`${refusal.what} not found.`)
        : malformed([{ path: 'customer_id', message: `${refusal.what} not found.` }]);
    case 'ORDER_EMPTY':
      return unmet(operation, 'products', 'At least one product is required.');
    case 'INSUFFICIENT_STOCK':
      return { ...short(operation), details: shortLines(refusal) };
    case 'INTERNAL':
      return operation === forCustomer
        ? { ...alike(said.failedToCreate), detail: said.failedToCreate }
        : { detail: `reference ${requestId}` };
    case 'INVALID_TRANSITION':
    case 'ORDER_HAS_OPEN_LINES':
      return transition(operation);
    default:
      return printed[refusal.code] ?? {};
  }
}

const missing = (sentence: string): Partial<Case> => ({
  status: 404,
  error: sentence,
  code: 'not_found',
  message: sentence,
  detail: sentence,
});
const conflict = (message: string): Partial<Case> => ({
  status: 409,
  error: message,
  code: 'conflict',
  message,
});
const alike = (message: string): Partial<Case> => ({ error: message, message });

/** S4's cases, and S1's and S3's words for what is not there. */
const printed: Readonly<Partial<Record<Refusal['code'], Partial<Case>>>> = {
  ORDER_NOT_FOUND: {
    error: said.orderNotFound,
    code: 'not_found',
    message: said.notFound,
    detail: said.orderIdNotFound,
  },
  CUSTOMER_HAS_NO_ORDERS: missing(said.noOrdersOfCustomer),
  CUSTOMER_NOT_FOUND: missing('Customer not found.'),
  PRODUCT_NOT_FOUND: missing('Product not found.'),
  CART_NOT_FOUND: missing('Cart not found.'),
  CART_ITEM_NOT_FOUND: missing('Product not found in the cart.'),
  CART_EMPTY: { ...alike(said.cartEmpty), detail: said.cartEmpty },
  VERSION_CONFLICT: conflict(said.staleVersion),
  IDEMPOTENCY_KEY_REUSED: conflict(said.keyReused),
  MISSING_TENANT: alike(said.missingTenant),
  MISSING_IF_MATCH: alike(said.missingIfMatch),
  INVALID_IF_MATCH: alike(said.invalidIfMatch),
  NO_PATH: { error: said.invalidRequest },
  ORDER_NOT_EDITABLE: { error: said.invalidRequest },
  CANCEL_AFTER_SHIPPING: { error: said.invalidRequest },
};

/** S1 and S3 answer too little stock in different words, and S3's cart in a third. */
function short(operation: string | null): Partial<Case> {
  const [status, sentence] =
    operation === forCustomer
      ? [400, said.insufficientInventory]
      : (operation?.includes('Cart') ?? false)
        ? [400, said.notEnoughInStock]
        : [404, said.outOfStock];
  return { status, error: sentence, message: sentence, detail: sentence };
}

/** By the client's own name of the product: what was asked for, and what is there. */
function shortLines({ shortages }: Extract<Refusal, { code: 'INSUFFICIENT_STOCK' }>): Details {
  const said = shortages.map(({ ref, requested, available }) => [
    ref,
    [`${requested} asked for, ${available} available.`],
  ]);
  return Object.fromEntries(said);
}

function transition(operation: string | null): Partial<Case> {
  if (operation === 'confirmServiceOrder') return { ...closedCase(said.onlyDraftConfirmed) };
  if (operation === 'closeServiceOrder') return { ...closedCase(said.closeNeedsConfirmed) };
  return { error: said.invalidRequest };
}
const closedCase = (message: string): Partial<Case> => ({
  error: message,
  code: 'invalid_transition',
  message,
});

/** Parameters with a code of their own. */
const codes = new Map([
  ['limit', 'invalid_limit'],
  ['cursor', 'invalid_cursor'],
]);

/** Whose bodies call the items of an order products, and count them in other words. */
const naming: readonly (string | null)[] = ['createServiceOrder', 'editServiceOrder'];
const inProductsOfBody = ({ path, message }: Issue): Issue => ({
  path: path.replace(/^items\.(\d+)\.quantity$/, 'products.$1.item_count'),
  message,
});

/** Who moves a draft on did not send its products: no field of theirs is wrong. */
const moving: readonly (string | null)[] = ['setServiceOrderStatus', 'confirmServiceOrder'];

/** What is wrong with the products of an order, by the field that names them where there is one. */
function unmet(operation: string | null, path: string, message: string): Partial<Case> {
  if (!moving.includes(operation)) return malformed([{ path, message }]);
  return { status: 400, error: said.invalidRequest, code: 'invalid_request', message, detail: message };
}

/** S1-7: what is wrong, field by field. */
function malformed(issues: readonly Issue[]): Partial<Case> {
  const byPath = Map.groupBy(issues, ({ path }) => path || 'body');
  const details = Object.fromEntries(
    [...byPath].map(([path, all]) => [path, all.map(({ message }) => message)]),
  );
  const [first] = issues;
  return {
    status: 400,
    error: said.invalidRequest,
    code: codes.get(first?.path ?? '') ?? 'invalid_request',
    message: first ? `${first.path || 'body'}: ${first.message}` : 'invalid request',
    detail: said.invalidRequest,
    details,
  };
}
