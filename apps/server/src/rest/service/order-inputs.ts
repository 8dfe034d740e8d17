import { serviceStatusOf, statuses, statusOf } from '@orderloom/core';
import { Amount, Count, Quantity } from '@orderloom/core/inputs';
import { z } from 'zod';
import { Name, PathName, WholeNumber } from '../wire.ts';

const linesMax = 200;
const ProductName = Name.meta({ description: 'The product’s SKU, number or UUID.' });

/** The body of S1-2; without `products` it begins a draft (S4-12). */
export const ServiceCreate = z
  .strictObject({
    products: z
      .array(z.strictObject({ product_id: ProductName, item_count: Quantity }))
      .min(1, 'must name at least one product')
      .max(linesMax)
      .optional()
      .meta({ description: 'What is ordered; left out, a draft is begun.' }),
    customer_id: Name.optional().meta({ description: 'For whom; a customer’s token orders for itself.' }),
    allow_partial: z
      .boolean()
      .default(true)
      .meta({ description: 'Whether what is there is placed when other products are short.' }),
  })
  .meta({ id: 'ServiceCreate', description: 'Products to order, or nothing for a draft.' });

/** The body of S3-9; without `items` the customer's cart is ordered (S3-24). */
export const ServiceCustomerOrder = z
  .strictObject({
    items: z
      .array(z.strictObject({ product_id: ProductName, quantity: Quantity }))
      .max(linesMax)
      .optional()
      .meta({ description: 'What is ordered, all of it or nothing; left out, what lies in the cart.' }),
  })
  .meta({ id: 'ServiceCustomerOrder', description: 'Items to order, or nothing for the cart.' });

/** The body of S1-25: absolute counts. */
export const ServiceEdit = z
  .strictObject({
    products: z
      .array(
        z.strictObject({
          product_id: ProductName,
          item_count: Count.meta({ description: '0 takes the product out.' }),
        }),
      )
      .min(1, 'must name at least one product')
      .max(linesMax),
  })
  .meta({ id: 'ServiceEdit', description: 'How many pieces of each named product the order shall have.' });

const statusWords = `must be one of ${statuses.map(serviceStatusOf).join(', ')}`;

/** The body of S3-14, in any case, with blanks, hyphens or underscores. */
export const ServiceStatus = z
  .strictObject({
    status: z
      .string()
      .max(100)
      .transform((text, context) => {
        const status = statusOf(text);
        if (status) return status;
        context.addIssue({ code: 'custom', message: statusWords, input: text });
        return z.NEVER;
      }),
  })
  .meta({ id: 'ServiceStatus', description: 'The status that the order shall have.' });

/** The body of S4-13: the agreed total in minor units. */
export const ServiceConfirm = z
  .strictObject({ totalCents: Amount.meta({ description: 'The agreed total in minor units.' }) })
  .meta({ id: 'ServiceConfirm', description: 'What the draft shall cost.' });

/** With either parameter a page, with none every order there is. */
export const ServiceList = z.strictObject({
  limit: WholeNumber(1, 100)
    .optional()
    .meta({ description: 'Orders of a page, 1 to 100; 20 when only `cursor` is given.' }),
  cursor: z.string().max(1_000).optional().meta({ description: '`nextCursor` of the page before.' }),
});

export const OrderPath = z.strictObject({
  id: PathName.meta({
    description: 'The order’s UUID or number.',
    examples: ['ORD-20260115-0001'],
  }),
});

export const OrderOrCustomerPath = z.strictObject({
  id: PathName.meta({
    description: 'The order’s UUID or number; digits are a customer’s number.',
    examples: ['ORD-20260115-0001'],
  }),
});
