import type { Minor } from '@orderloom/core';
import type { Failure, Refusal } from './trpc.ts';
import { moneyText } from './ui/money.tsx';
import { orderStatusText } from './ui/status.tsx';
import { commandText, methodText } from './words.ts';

type Money = (amount: Minor) => string;
type Code = Refusal['code'];

/** Says effect and fix; a code that is missing here does not compile. */
const sentences: { readonly [C in Code]: (refusal: Refusal & { readonly code: C }, money: Money) => string } =
  {
    // Orders
    INVALID_TRANSITION: ({ from, command }) =>
      `${commandText(command)} is not possible while the order is ${orderStatusText(from).toLowerCase()}.`,
    PAYMENT_REQUIRED: ({ total, paid }, money) =>
      `Only ${money(paid)} of ${money(total)} has been paid. Record the missing payment first.`,
    ORDER_HAS_OPEN_LINES: ({ open }) =>
      `${pieces(open)} still to be shipped or cancelled. Ship the order first.`,
    NOTHING_SHIPPED: () =>
      'Nothing of this order left the house, so its money went back when it was cancelled.',
    CANCEL_AFTER_SHIPPING: () => 'The goods have left the house. Refund the order when they are back.',
    ORDER_EMPTY: () => 'The order has no products. Add at least one.',
    PRODUCT_UNKNOWN: ({ line }) => `The product of line ${line + 1} is no longer for sale. Remove the line.`,
    STORE_MISMATCH: ({ line }) =>
      `The product of line ${line + 1} belongs to another store. Order it separately.`,
    PRICE_MISMATCH: ({ line, price }, money) =>
      `The price of line ${line + 1} is ${money(price)} now. Remove the line and add it again.`,
    SHIPPING_METHOD_UNKNOWN: ({ method }) =>
      `The shop does not ship by “${method}”. Choose one of the shop's shipping methods, or none.`,
    TOTAL_TOO_LARGE: () => 'The total is larger than the system can hold. Split the order.',
    TOTAL_MISMATCH: ({ declared, total }, money) =>
      `The agreed total is ${money(declared)}, but the lines add up to ${money(total)}. Correct one of them.`,
    CUSTOMER_REQUIRED: () => 'The balance is a customer’s. Choose the customer, or another way to pay.',
    INSUFFICIENT_STOCK: ({ shortages }) =>
      `There is not enough stock: ${shortages.map(shortText).join('; ')}. Order less, or receive more.`,
    INSUFFICIENT_BALANCE: ({ required, available }, money) =>
      `The balance holds ${money(available)}, but ${money(required)} is needed. Top it up, or pay otherwise.`,
    ORDER_NOT_EDITABLE: ({ from }) =>
      `An order that is ${orderStatusText(from).toLowerCase()} keeps its products. Refund what comes back.`,
    LINE_NOT_FOUND: () => 'This line is no longer in the order. Reload the order.',
    SHIPPING_FIXED: ({ shared }) =>
      shared
        ? 'Other orders share this shipping, so it stays. Cancel the orders and place them again.'
        : 'Part of the shipping was given back, so it stays as it is.',
    ORDER_NOT_DELIVERED: ({ from }) =>
      `The order is ${orderStatusText(from).toLowerCase()}. It can be rated once it has been delivered.`,
    NOT_ITS_CUSTOMER: () => 'Only the customer of this order can rate it.',
    NO_PATH: ({ from, to }) =>
      `No way leads from ${orderStatusText(from).toLowerCase()} to ${orderStatusText(to).toLowerCase()}.`,
    CART_EMPTY: () => 'Nothing lies in the cart. Add a product first.',
    CUSTOMER_HAS_NO_ORDERS: () => 'This customer has not ordered anything yet.',
    // Payments
    PAYMENT_NOT_FOUND: () => 'This payment is no longer there. Reload the order.',
    PAYMENT_NOT_PROCESSABLE: () =>
      'This payment has been taken or closed already. Reload the order to see it.',
    PAYMENT_NOT_REFUNDABLE: () => 'Nothing is left of this payment that could be given back.',
    PAYMENT_NOT_DELETABLE: () => 'Money of this payment has moved, so it stays on record.',
    PAYMENT_METHOD_UNAVAILABLE: ({ method }) =>
      `Money by ${methodText(method).toLowerCase()} cannot be taken here. Record another way to pay.`,
    PAYMENT_EXCEEDS_OPEN: ({ open }, money) =>
      `Only ${money(open)} is still open. Enter that amount or less.`,
    CAPTURE_EXCEEDS_HELD: ({ held }, money) => `Only ${money(held)} is set aside. Enter that amount or less.`,
    REFUND_EXCEEDS_CAPTURED: ({ refundable }, money) =>
      `Only ${money(refundable)} can be given back. Enter that amount or less.`,
    PAYMENT_DECLINED: () => 'The card was declined. Try again, or take another way to pay.',
    PAYMENT_IN_PROGRESS: () => 'The answer for this payment is still to come. Try again in a moment.',
    GATEWAY_MISMATCH: ({ amount }, money) =>
      `The gateway speaks of another amount than ${money(amount)}. Compare the payment with its records.`,
    PAYMENT_OF_GROUP: () => 'This payment is for several orders. Take it for all of them together.',
    REFUND_EMPTY: () => 'Nothing would be given back. Choose pieces, shipping, or an amount.',
    REFUND_EXCEEDS_LINE: ({ refundable }) =>
      refundable === 0
        ? 'All pieces of this line have been refunded.'
        : `Only ${refundable} of this line can still be refunded.`,
    REFUND_EXCEEDS_SHIPPING: ({ refundable }, money) =>
      `Only ${money(refundable)} of the shipping can be given back. Enter that amount or less.`,
    ORDER_NOT_PAYABLE: ({ status }) =>
      `An order that is ${orderStatusText(status).toLowerCase()} takes no payments.`,
    // Stock
    STOCK_BELOW_ZERO: ({ onHand, available }) =>
      `That would take more than there is: ${onHand} on hand, ${available} of them not promised to orders.`,
    // Access
    UNAUTHENTICATED: () => 'You are not signed in any more. Sign in and try again.',
    INVALID_TOKEN: () => 'You are not signed in any more. Sign in and try again.',
    SIGN_IN_FAILED: () => 'The email address or the password is wrong. Check both and try again.',
    RATE_LIMITED: ({ retryAfterSeconds }) =>
      `There were too many attempts. Try again in ${seconds(retryAfterSeconds)}.`,
    BUSY: ({ retryAfterSeconds }) => `The system is busy. Try again in ${seconds(retryAfterSeconds)}.`,
    SERVICE_UNREACHABLE: ({ service, retryAfterSeconds }) =>
      `The ${service === 'carts' ? 'cart service' : 'catalogue'} cannot be reached. ` +
      `Try again in ${seconds(retryAfterSeconds)}.`,
    FORBIDDEN: ({ scope }) =>
      scope
        ? `You need the right “${scope}”. An administrator can grant it.`
        : 'Your role does not allow this.',
    CROSS_SITE: () => 'The request did not come from this console. Reload the page and try again.',
    TENANT_MISMATCH: () => 'This belongs to another shop.',
    MISSING_TENANT: () => 'The shop is not known. Sign out and in again.',
    // Requests
    INVALID_INPUT: ({ issues }) => issues.map(({ path, message }) => `${path}: ${message}`).join(' '),
    MALFORMED_JSON: () => 'The request was damaged on its way. Try again.',
    VERSION_CONFLICT: () =>
      'Somebody changed this meanwhile, and nothing of yours was saved. Reload and look again.',
    INVALID_IF_MATCH: () => 'The page is out of date. Reload it.',
    MISSING_IF_MATCH: () => 'The page is out of date. Reload it.',
    MISSING_IDEMPOTENCY_KEY: () => 'The console and the server do not fit together. Reload the page.',
    INVALID_IDEMPOTENCY_KEY: () => 'The console and the server do not fit together. Reload the page.',
    IDEMPOTENCY_KEY_REUSED: () =>
      'The same was sent before with other words. Reload the page and look again.',
    IDEMPOTENCY_IN_PROGRESS: ({ retryAfterSeconds }) =>
      `The same is being done already. Look again in ${seconds(retryAfterSeconds)}.`,
    INVALID_CURSOR: () => 'This place in the list is gone. Go back to the first page.',
    UNKNOWN_PARAMETER: ({ name }) => `The filter “${name}” is not known. Remove it.`,
    ROUTE_NOT_FOUND: () => 'The console and the server do not fit together. Reload the page.',
    METHOD_NOT_ALLOWED: () => 'The console and the server do not fit together. Reload the page.',
    UNSUPPORTED_MEDIA_TYPE: () => 'The console and the server do not fit together. Reload the page.',
    NOT_ACCEPTABLE: () => 'The console and the server do not fit together. Reload the page.',
    PAYLOAD_TOO_LARGE: () => 'That is too much for one request. Shorten the notes, or order fewer lines.',
    ORDER_NOT_FOUND: () => 'There is no such order in this shop. Check the number.',
    PRODUCT_NOT_FOUND: () => 'There is no such product in this shop.',
    CUSTOMER_NOT_FOUND: () => 'There is no such customer in this shop.',
    STORE_NOT_FOUND: () => 'There is no such store in this shop.',
    ADDRESS_NOT_FOUND: () => 'This address is no longer there. Choose another one.',
    LOCATION_NOT_FOUND: () => 'There is no such location in this shop.',
    CART_NOT_FOUND: () => 'This customer has no cart.',
    CART_ITEM_NOT_FOUND: () => 'This product is not in the cart.',
    USER_NOT_FOUND: () => 'There is no such user in this shop.',
    NOTIFICATION_NOT_FOUND: () => 'This notification is no longer there.',
    TOKEN_NOT_FOUND: () => 'This token is no longer there.',
    SESSION_NOT_FOUND: () => 'This session has ended already.',
    REFERENCE_UNKNOWN: ({ what }) => `This ${what} is not known in this shop. Choose another one.`,
    ALREADY_EXISTS: ({ field }) => `Another one has the same ${field}. Choose a different ${field}.`,
    INTERNAL: () =>
      'Something broke on our side, and nothing was changed. Try again; if it stays, quote the request.',
  };

const pieces = (count: number) => (count === 1 ? '1 piece is' : `${count} pieces are`);
const seconds = (count: number) => (count < 90 ? `${count} seconds` : `${Math.ceil(count / 60)} minutes`);
const shortText = ({ line, requested, available }: Shortage) =>
  `line ${line + 1} asks for ${requested}, ${available} available`;
type Shortage = { readonly line: number; readonly requested: number; readonly available: number };

/** Whether a value that travelled inside an answer is a refusal that this console can put in words. */
export const isRefusal = (value: { readonly code: string }): value is Refusal =>
  Object.hasOwn(sentences, value.code);

/** A refusal in words. */
export function refusalText<C extends Code>(
  refusal: Refusal & { readonly code: C },
  currency = 'USD',
): string {
  return sentences[refusal.code](refusal, (amount) => moneyText(amount, currency));
}

/** A failed call in words, whether the server said no or was not reached at all. */
export const failureText = ({ refusal }: Failure, currency?: string): string =>
  refusal
    ? refusalText(refusal, currency)
    : 'The server could not be reached. Check the connection and try again.';
