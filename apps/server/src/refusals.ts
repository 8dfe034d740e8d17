import { callerRefusals } from './refusals/caller.ts';
import type { Catalogue } from './refusals/entry.ts';
import { missingRefusals } from './refusals/missing.ts';
import { orderRefusals } from './refusals/order.ts';
import { paymentRefusals } from './refusals/payment.ts';
import { repeatRefusals } from './refusals/repeat.ts';
import { requestRefusals } from './refusals/request.ts';

/** The typed error catalogue: a new code does not compile until it has its page. */
export const refusals = {
  ...requestRefusals,
  ...repeatRefusals,
  ...callerRefusals,
  ...missingRefusals,
  ...orderRefusals,
  ...paymentRefusals,
} satisfies Catalogue;
