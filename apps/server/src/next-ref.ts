import { type EntityManager, takeSerials } from '@orderloom/db';

/** A kind of thing that is numbered, and whether somebody has already chosen the word made of a number. */
export type Numbered = {
  readonly kind: 'customer' | 'product' | 'store';
  readonly isTaken: (ref: number) => Promise<boolean>;
};

/**
 * The next number of a tenant whose own word is free. A number whose word was chosen before its time is
 * passed over: it would be refused again and again, and nobody could be numbered any more.
 */
export async function nextRef(
  em: EntityManager,
  tenantId: string,
  { kind, isTaken }: Numbered,
): Promise<number> {
  for (;;) {
    const ref = (await takeSerials(em, tenantId, new Map([[kind, 1]]))).get(kind) ?? 1;
    if (!(await isTaken(ref))) return ref;
  }
}
