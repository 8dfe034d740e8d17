import { z } from 'zod';
import type { Family } from '../family.ts';
import { cartRows } from './carts.ts';
import { catalogueRows } from './catalogue.ts';
import { serviceCommandRows } from './order-commands.ts';
import { serviceOrderRows } from './orders.ts';
import { serviceNo } from './voice.ts';

const Refused = z
  .strictObject({
    error: z.string().meta({ description: 'The sentence for people.' }),
    documentation: z.string().meta({ description: 'The page about this kind of error.' }),
    code: z.string().meta({ description: 'The word for programs; never renamed.' }),
    message: z.string(),
    detail: z.string(),
    details: z.record(z.string(), z.array(z.string())).optional().meta({
      description: 'What is wrong, by dotted path of the field.',
    }),
  })
  .meta({ id: 'ServiceError', description: 'Why a call was refused.' });

/** The service family: one contract for the clients of three documents. */
export const service: Family = {
  name: 'service',
  tags: {
    'Service orders': 'Orders as other services of the house place, edit and close them.',
    Catalogue: 'The products that the orders are made of.',
    Carts: 'What customers have gathered to order.',
  },
  prefixes: ['/orders', '/products', '/carts'],
  rows: [...serviceOrderRows, ...serviceCommandRows, ...catalogueRows, ...cartRows],
  pathsOf: ({ path }) => [path],
  refuse: serviceNo,
  samples: [{ code: 'REFERENCE_UNKNOWN', field: 'customer', what: 'Customer' }],
  refusalSchema: Refused,
  refusalType: 'application/json',
  anyContentType: false,
  versions: false,
  strict: false,
};
