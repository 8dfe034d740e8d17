import { People } from './Migration20261121090000-people.ts';
import { Catalogue } from './Migration20261121090100-catalogue.ts';
import { Orders } from './Migration20261121090200-orders.ts';
import { Money } from './Migration20261121090300-money.ts';
import { History } from './Migration20261121090400-history.ts';
import { Guards } from './Migration20261121090500-guards.ts';
import { Access } from './Migration20261121090600-access.ts';
import { Relay } from './Migration20261121100000-relay.ts';
import { Mail } from './Migration20261121100100-mail.ts';
import { Incidents } from './Migration20261121100200-incidents.ts';
import { Carts } from './Migration20261121100300-carts.ts';
import { Editing } from './Migration20261121100400-editing.ts';
import { Keys } from './Migration20261121100500-keys.ts';
import { Lists } from './Migration20261121100700-lists.ts';
import { GroupMoney } from './Migration20261121100900-money.ts';
import { GatewayWords } from './Migration20261121101000-gateway.ts';
import { OrderLists } from './Migration20261121101100-order-lists.ts';
import { FeedbackGiven } from './Migration20261121101200-feedback.ts';
import { ItemLists } from './Migration20261121101250-item-lists.ts';
import { DeletedPayments } from './Migration20261121101300-payments.ts';
import { Statistics } from './Migration20261121101400-statistics.ts';

/** Every migration by name, oldest first: an explicit list survives bundling, a glob does not. */
export const migrationsList = [
  { name: 'Migration20261121090000-people', class: People },
  { name: 'Migration20261121090100-catalogue', class: Catalogue },
  { name: 'Migration20261121090200-orders', class: Orders },
  { name: 'Migration20261121090300-money', class: Money },
  { name: 'Migration20261121090400-history', class: History },
  { name: 'Migration20261121090500-guards', class: Guards },
  { name: 'Migration20261121090600-access', class: Access },
  { name: 'Migration20261121100000-relay', class: Relay },
  { name: 'Migration20261121100100-mail', class: Mail },
  { name: 'Migration20261121100200-incidents', class: Incidents },
  { name: 'Migration20261121100300-carts', class: Carts },
  { name: 'Migration20261121100400-editing', class: Editing },
  { name: 'Migration20261121100500-keys', class: Keys },
  { name: 'Migration20261121100700-lists', class: Lists },
  { name: 'Migration20261121100900-money', class: GroupMoney },
  { name: 'Migration20261121101000-gateway', class: GatewayWords },
  { name: 'Migration20261121101100-order-lists', class: OrderLists },
  { name: 'Migration20261121101200-feedback', class: FeedbackGiven },
  { name: 'Migration20261121101250-item-lists', class: ItemLists },
  { name: 'Migration20261121101300-payments', class: DeletedPayments },
  { name: 'Migration20261121101400-statistics', class: Statistics },
];
