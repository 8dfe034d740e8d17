import type { Address } from '@orderloom/core';
import type { Chance } from './chance.ts';

/** A product of the demo shop; prices in cents. `plenty` keeps more than 100 pieces for sale. */
export type DemoProduct = {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly store: number;
  readonly plenty: boolean;
  readonly variants: readonly {
    readonly sku: string;
    readonly name: string;
    readonly options: Record<string, string>;
  }[];
};

export type DemoCustomer = { readonly name: string; readonly email: string };

export const stores = [
  { slug: 'main', name: 'Main store' },
  { slug: 'paper-and-ink', name: 'Paper & Ink' },
  { slug: 'green-corner', name: 'Green Corner' },
] as const;

export const policies = {
  taxRates: { standard: 0 },
  shippingMethods: { standard: 500, express: 1_500 },
  requirePaidBefore: 'none',
} as const;

/** The only variant of a product bears its name. */
const plain = (sku: string, name: string) => [{ sku, name, options: {} }];

/** S0's product, untouched by any order; and the mug with its two colours. */
const fixed: readonly DemoProduct[] = [
  {
    sku: 'P-1',
    name: 'Product 1',
    price: 2_500,
    store: 1,
    plenty: false,
    variants: plain('P-1', 'Product 1'),
  },
  {
    sku: 'MUG',
    name: 'Mug',
    price: 2_999,
    store: 1,
    plenty: true,
    variants: [
      { sku: 'MUG-BLUE', name: 'blue', options: { colour: 'blue' } },
      { sku: 'MUG-RED', name: 'red', options: { colour: 'red' } },
    ],
  },
];

const materials = ['Oak', 'Linen', 'Copper', 'Stone', 'Glass', 'Wool'] as const;
const things: readonly (readonly [string, number])[] = [
  ['Teapot', 1],
  ['Bowl', 1],
  ['Tray', 1],
  ['Notebook', 2],
  ['Pencil case', 2],
  ['Desk lamp', 2],
  ['Planter', 3],
  ['Watering can', 3],
  ['Blanket', 3],
  ['Cutting board', 1],
];

/** The first `count` products; the same for every shop. */
export function demoProducts(count: number, luck: Chance): DemoProduct[] {
  const made = things.flatMap(([thing, store]) =>
    materials.map((material): DemoProduct => {
      const sku = `${material.slice(0, 3)}-${thing.replace(/\W/g, '').slice(0, 5)}`.toUpperCase();
      const price = luck.between(6, 90) * 100 - luck.pick([1, 5, 50, 100]);
      const name = `${material} ${thing.toLowerCase()}`;
      return { sku, name, price, store, plenty: false, variants: plain(sku, name) };
    }),
  );
  return [...fixed, ...made.map((product, at) => (at < 10 ? { ...product, plenty: true } : product))].slice(
    0,
    count,
  );
}

const first =
  'Ada Ben Clara David Elif Finn Grace Hugo Ines Jonas Kim Lena Milan Nora Omar Paula Quinn Rosa Sam Tara';
const last = 'Adler Brandt Costa Dubois Evans Fischer Garcia Hansen Ito Jensen';

/** The first `count` customers: John Doe is the first (S0-15), Jane Roe the 123rd. */
export function demoCustomers(count: number, domain: string): DemoCustomer[] {
  const firstNames = first.split(' ');
  const lastNames = last.split(' ');
  const customers = Array.from({ length: count }, (_, at) => {
    const given = firstNames[at % firstNames.length] ?? '';
    const family = lastNames[Math.floor(at / firstNames.length) % lastNames.length] ?? '';
    return { name: `${given} ${family}`, email: `${given}.${family}.${at + 1}@${domain}`.toLowerCase() };
  });
  if (count > 0) customers[0] = { name: 'John Doe', email: 'john@example.com' };
  if (count > 122) customers[122] = { name: 'Jane Roe', email: 'jane@example.com' };
  return customers;
}

const streets = ['Main St', 'Station Rd', 'Mill Lane', 'Park Avenue', 'Harbour St', 'Church St'] as const;
type Town = Pick<Address, 'city' | 'region' | 'postcode' | 'country'>;
const towns: readonly [Town, ...Town[]] = [
  { city: 'Springfield', region: 'IL', postcode: '62701', country: 'US' },
  { city: 'Portland', region: 'OR', postcode: '97201', country: 'US' },
  { city: 'Leeds', region: null, postcode: 'LS1 1UR', country: 'GB' },
  { city: 'Hamburg', region: null, postcode: '20095', country: 'DE' },
  { city: 'Lyon', region: null, postcode: '69001', country: 'FR' },
];

/** Where a customer lives. */
export const demoAddress = (name: string, luck: Chance) => ({
  name,
  line1: `${luck.between(1, 200)} ${luck.pick(streets)}`,
  line2: null,
  phone: null,
  ...luck.pick(towns),
});
