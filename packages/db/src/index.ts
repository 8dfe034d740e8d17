export type { EntityManager } from '@mikro-orm/postgresql';
export { alone, aloneWith } from './alone.ts';
export { check, type Difference } from './check.ts';
export { acquireWithin, openDatabase, type Database, type DatabaseConfig } from './database.ts';
export { ping } from './silence.ts';
export { defences, type Defence } from './defence.ts';
export type { ReplicaOutcome } from './replicas.ts';
export { isUnavailable, sqlStateOf, takenFieldOf } from './faults.ts';
export { newId } from './ids.ts';
export { findOrders, keepFree, loadOrders, lockAllOrders, lockOrders } from './load.ts';
export { lockLevels, lockPurses, lockShelf, takeSerials } from './locks.ts';
export { migrate, pending, rollback } from './migrate.ts';
export {
  byCredential,
  read,
  readAnywhere,
  tenantIds,
  transact,
  type TenantScope,
  type VersionConflict,
} from './transact.ts';
export {
  claimKey,
  claimKeys,
  earlierAnswer,
  forgetKeys,
  keepAnswers,
  keepBegun,
  releaseKeys,
  type Claim,
  type Earlier,
  type StoredAnswer,
} from './write/idempotency.ts';
export { writeCart } from './write/carts.ts';
export {
  claimDeliveries,
  hurryDeliveries,
  settleDeliveries,
  type Claimed,
  type FeedEvent,
  type Settled,
} from './relay/deliveries.ts';
export { enqueue, publishEvents, type Addressed, type Published } from './relay/publish.ts';
export {
  backlogOfAll,
  deadLetters,
  dueTenants,
  feedAfter,
  lastFeedSeq,
  queues,
  reviveDeadLetters,
  unpublished,
  type Backlog,
  type DeadLetter,
  type Queue,
} from './relay/backlog.ts';
export { replayEvents } from './relay/replay.ts';
export { hideOrder } from './write/hide.ts';
export { openLevels } from './write/levels.ts';
export { writeDeeds, type Act, type Deed } from './write/deed.ts';
export { lockOnSale, writeProduct } from './write/products.ts';
export { writeOrders, type OrderWrite } from './write/orders.ts';
export { CartItemRow, CartRow } from './cart.ts';
export { AccountRow, AddressRow, CustomerRow } from './customer.ts';
export { DeadLetterRow, DeliveryRow } from './delivery.ts';
export { EventRow, IntentRow } from './event.ts';
export { CardTokenRow, GatewayWebhookRow } from './gateway.ts';
export { IdempotencyRecordRow } from './idempotency.ts';
export { IncidentRow } from './incident.ts';
export { MailRow, type MailKind } from './mail.ts';
export { NotificationRow } from './notification.ts';
export { OrderChargeRow, OrderItemRow, OrderRow } from './order.ts';
export { FulfillmentLineRow, FulfillmentRow, ReturnLineRow, ReturnRow } from './parcel.ts';
export { JournalEntryRow, PaymentRow, PostingRow, RefundPartRow, RefundRow } from './payment.ts';
export { ProductRow, VariantRow } from './product.ts';
export { RemoteProductRow } from './remote-product.ts';
export { StockLevelRow, StockLocationRow, StockMovementRow } from './stock.ts';
export { NumberCounterRow, StoreRow, TenantRow, type Tenant, type TenantPolicies } from './tenant.ts';
export { TallyChangeRow, TallyRow } from './tally.ts';
export { ApiTokenRow, PrincipalRow, SessionRow, SignInAttemptRow } from './user.ts';
export {
  openDirectory,
  type CustomerName,
  type Directory,
  type OrderNames,
  type ProductName,
  type StoreName,
  type Wanted,
} from './queries/directory.ts';
export { orderNames } from './queries/order-names.ts';
export { remoteNames } from './queries/remote-names.ts';
export { itemById, itemCustomer, itemsList, type ItemRecord } from './queries/item-list.ts';
export { orderIds } from './queries/order-ids.ts';
export {
  orderFilters,
  ordersList,
  orderSummaries,
  type OrderListing,
  type OrderSummary,
} from './queries/order-list.ts';
export { orderOutlines, type After as OrderPosition, type OrderOutline } from './queries/order-outlines.ts';
export { orderPlaces, type OrderPlace } from './queries/order-search.ts';
export {
  noticeToAdmins,
  noticesToCustomers,
  noticesAfter,
  noticesList,
  noticesQueue,
  readNotice,
  type NoticeLine,
  type NoticeReader,
  type OrderNotice,
} from './queries/notices.ts';
export { addressById, addressesList, removeAddress, type BookAddress } from './queries/addresses.ts';
export { storeByName, storeIds, storesList, type StoreLine } from './queries/stores.ts';
export { listFaults, type ListFault, type ListFilter } from './lists/filter.ts';
export {
  listCount,
  listRows,
  sought,
  type Listed,
  type ListPosition,
  type ListQuery,
  type ListSpec,
} from './lists/list.ts';
export { changeRow, lockRow, type Versioned } from './write/rows.ts';
export {
  foldTallies,
  newestOrders,
  orderGroups,
  paymentGroups,
  type Counted,
} from './queries/order-stats.ts';
export { statusChanges, type StatusChange } from './queries/event-stats.ts';
export { orderHistories, type TimelineEvent } from './queries/order-history.ts';
export {
  catalogueRow,
  catalogueRows,
  firstStore,
  locationIds,
  productByName,
  productList,
  productsList,
  type CatalogueRow,
  type ProductStock,
  type VariantStock,
} from './queries/product-list.ts';
export {
  cartOf,
  closeCarts,
  lockCarts,
  queueForCart,
  sellableOf,
  type Cart,
  type CartItem,
} from './queries/carts.ts';
export {
  addressesOf,
  customerByName,
  customerList,
  customersList,
  everyCustomer,
  ledgerList,
  ledgerOf,
  type CustomerBalance,
} from './queries/customer-list.ts';
export {
  levelsOf,
  levelsOfVariant,
  movementsOf,
  type LevelRow,
  type MovementRow,
} from './queries/stock-list.ts';
export {
  accountByEmail,
  callerBySession,
  callerByToken,
  countAttempt,
  endExpiredSessions,
  endSession,
  endSessionOf,
  endSessionsOf,
  extendSession,
  forgetAttempts,
  forgetOldAttempts,
  forgiveAttempt,
  insertSession,
  markToken,
  sessionsOf,
  type Account,
  type Presented,
  type PresentedSession,
  type PresentedToken,
} from './queries/sign-in.ts';
export {
  demoTraces,
  hasAdmin,
  insertPerson,
  insertTenant,
  insertToken,
  lockAdmins,
  passwordHashOf,
  people,
  personById,
  revokeToken,
  tenantName,
  tokenById,
  tokensList,
  tokensOf,
  updatePerson,
  type Person,
  type PersonChange,
  type TenantName,
  type TokenLine,
} from './queries/people.ts';
export { eventsOf } from './history.ts';
export { requiresIfMatch } from './queries/tenants.ts';
export { dataEpoch } from './queries/epoch.ts';
export { migrationsList } from '../migrations/index.ts';
export { migrateOpenly, missingMigrations } from './queries/schema.ts';
export {
  cardTokenOf,
  keepCardToken,
  keepGatewayWebhook,
  markGatewayWebhook,
  newGatewayWebhooks,
  ordersAwaitingGateway,
} from './queries/gateway.ts';
export {
  groupOrderIds,
  paymentsById,
  paymentCustomer,
  paymentPlace,
  paymentsList,
  type PaymentPlace,
  type PaymentRecord,
} from './queries/payment-list.ts';
export { endIncident, noteFailure, type EndedIncident } from './queries/incidents.ts';
export {
  alertReaders,
  insertMail,
  mailbox,
  mailById,
  mailedOf,
  refundOfVersion,
  type SentMail,
} from './queries/mails.ts';
export {
  claimIntents,
  databaseTime,
  endIntent,
  isMeant,
  markRunning,
  planIntent,
  postponeIntents,
  reverseIntents,
  settleIntents,
  type DueIntent,
  type Intent,
} from './write/intents.ts';
export {
  idlePieces,
  mirrorProducts,
  remoteChores,
  remoteLocation,
  type Chores,
  type IdlePieces,
  type Mirrored,
  type Offered,
} from './write/mirror.ts';
