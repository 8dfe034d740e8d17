import { shop } from '../../bench/shop.ts';
import type { Violation } from './history.ts';
import type { World } from './world.ts';

type Booked = { readonly id: string; readonly captured: number; readonly refunded: number };

/** What the gateway took and gave back is what the books say, payment by payment. */
export async function charged({ db, gateway }: Pick<World, 'db' | 'gateway'>): Promise<Violation[]> {
  const booked = await db.pool.query<Booked>(
    `select id, captured_minor::float8 as captured, refunded_minor::float8 as refunded from payments
     where tenant_id = $1 and method = 'credit_card'`,
    [shop.tenantId],
  );
  const charges = Map.groupBy(await gateway.charges(), ({ reference }) => reference);
  const sum = (id: string, of: 'captured' | 'refunded') =>
    (charges.get(`${shop.tenantId}/${id}`) ?? []).reduce((total, charge) => total + charge[of], 0);
  return booked.rows.flatMap(({ id, captured, refunded }) => {
    const theirs = [sum(id, 'captured'), sum(id, 'refunded')];
    return theirs[0] === captured && theirs[1] === refunded
      ? []
      : [
          {
            promise: 'a card is charged what the books say',
            subject: id,
            why: `taken and given back there ${theirs.join(', ')}, in the books ${captured}, ${refunded}`,
          },
        ];
  });
}
