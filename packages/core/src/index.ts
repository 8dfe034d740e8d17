export { err, ok, type Err, type Ok, type Result } from './result.ts';
export {
  allocate,
  exponentOf,
  formatMoney,
  minor,
  parseMoney,
  shareOf,
  sum,
  times,
  type Minor,
  type MoneyError,
} from './money.ts';
export {
  fulfillmentFacets,
  isCharged,
  linesOf,
  openQuantity,
  origins,
  paymentFacets,
  statuses,
  type Address,
  type Charge,
  type Feedback,
  type Fulfillment,
  type FulfillmentFacet,
  type Instant,
  type Line,
  type LineQuantity,
  type Order,
  type OrderStatus,
  type OrderTimes,
  type Origin,
  type PaymentFacet,
  type Refund,
  type RefundTarget,
  type Return,
} from './order/order.ts';
export {
  can,
  nextActions,
  orderCommands,
  refusalOf,
  transitionOf,
  transitions,
  type GuardRefusal,
  type NextAction,
  type OrderCommandName,
  type OrderPolicy,
  type Transition,
} from './order/lifecycle.ts';
export type {
  DescribeOrder,
  Details,
  EditedLine,
  EditOrder,
  GiveRefund,
  OrderCommand,
  PaymentCommand,
  RateOrder,
} from './order/commands.ts';
export { decide, type DecideContext, type OrderRefusal } from './order/decide.ts';
export type { TotalMismatch } from './order/settle.ts';
export { isEditable, type EditRefusal } from './order/edit.ts';
export type { DescribeRefusal } from './order/describe.ts';
export { refundableOfOrder, type Refundable, type RefundedLine, type RefundRefusal } from './order/refund.ts';
export { itemEdit, itemsOf, type AddItem, type ChangeItem } from './order/item.ts';
export { scoreRange, type RateRefusal } from './order/rate.ts';
export { cancellationOf, withdraw } from './order/withdraw.ts';
export { walk, type NoPath, type Walk, type WalkContext } from './order/walk.ts';
export {
  orderEventTypes,
  type LineChange,
  type OrderEvent,
  type OrderEventType,
  type OrderHappening,
} from './order/events.ts';
export { changedSince, type OrderField } from './order/changed.ts';
export { evolve, fold, fulfillmentFacetOf, paymentFacetOf } from './order/evolve.ts';
export { draft, type DraftRequest } from './order/draft.ts';
export {
  place,
  placeRequest,
  type AskedLine,
  type GroupPart,
  type House,
  type Placed,
  type PlaceRefusal,
  type PlaceRequest,
  type PlaceRules,
} from './order/place.ts';
export { placeGroups, split } from './order/group.ts';
export type { Shelf, ShelfItem, ShelfLevel, Shortage, Wanted } from './order/shelf.ts';
export { priceLines, totalsOf, type Totals } from './order/totals.ts';
export { consequences, reservingStates, type Consequences } from './order/consequences.ts';
export { noticeKinds, noticeOf, type NoticeKind } from './order/notice.ts';
export { dayOf, isOrderNumber, orderNumber, wantsNumber, withNumber } from './order/number.ts';
export {
  applyMove,
  available,
  inverseOf,
  moveKinds,
  sellable,
  spread,
  type Level,
  type MoveKind,
  type PlacedLevel,
  type StockError,
  type StockMove,
} from './stock/stock.ts';
export { cartStatuses, hold, type CartStatus, type CartWish } from './cart/cart.ts';
export {
  begins,
  heldOf,
  newPayment,
  paymentMethods,
  paymentStatuses,
  paymentStatusOf,
  refundableOf,
  shownOf,
  type Payment,
  type PaymentFailure,
  type PaymentMethod,
  type PaymentStatus,
} from './payment/payment.ts';
export {
  gatewayRequests,
  isAwaited,
  reportKinds,
  type Attempt,
  type GatewayAction,
  type GatewayOperation,
  type GatewayReport,
  type GatewayRequest,
} from './payment/gateway.ts';
export {
  decideGroupPayment,
  groupPaymentOf,
  groupRequests,
  payGroup,
  type GroupPaid,
  type GroupPaymentCommand,
  type GroupStep,
} from './payment/group.ts';
export { decidePayment, isPayable, openAmountOf, type PaymentRefusal } from './payment/decide.ts';
export {
  accounts,
  customerAccountOf,
  entry,
  topUp,
  transfer,
  type CustomerAccount,
  type Entry,
  type Posting,
  type TopUp,
  type Transfer,
} from './payment/ledger.ts';
export { commandScopes, may, roles, scopes, scopesOf, type Caller, type Role, type Scope } from './access.ts';
export {
  cannotBe,
  facetsOf,
  fieldSentences,
  insufficientStock,
  paymentStatusesOf,
  paymentStatusWordOf,
  paymentStatusWords,
  paymentWordOf,
  paymentWords,
  statusOf,
  fieldWordOf,
  statusWordOf,
  statusWords,
  type PaymentStatusWord,
  type PaymentWord,
} from './contracts/api.ts';
export { balanceSentences, balanceToken, invalidField, priceToken } from './contracts/balance.ts';
export { serviceSentences, serviceStatusOf, type ServiceStatus } from './contracts/service.ts';
export {
  orderStats,
  paymentStats,
  type OrderGroup,
  type OrderStats,
  type PaymentGroup,
  type PaymentStats,
  type Scores,
} from './stats.ts';
