import { type Role, type Scope, scopes } from '@orderloom/core';
import { newId } from '@orderloom/db';
import type { Caller } from '../../context.ts';
import { aUser, type TestApp, type TestUser } from '../../testing.ts';
import { allKinds, aToken, type Household, type Kind, type Owner, someHouseholds, thing } from './things.ts';

/** Somebody who calls: nobody in particular, a member of our shop, or a stranger. */
export type Who = {
  readonly name: string;
  readonly caller: Caller | null;
  readonly token: string | undefined;
  readonly user: TestUser | null;
  /** A token with this scope alone: only what it may call is asked, not whose things it reaches. */
  readonly only: Scope | null;
};

/** A name to be put in a call. */
export type Wanted = {
  readonly kind: Kind;
  readonly owner: Owner;
  readonly who: Who;
  /** Whether the same thing will do each time: nobody changes it. */
  readonly again: boolean;
  /** Whether it is asked for by its number. */
  readonly digits: boolean;
};

/** Things that belong to a customer, and not to the whole shop. */
export const owned: readonly Kind[] = ['order', 'line', 'payment', 'customer', 'address', 'place', 'notice'];

const nobody: Who = { name: 'nobody', caller: null, token: undefined, user: null, only: null };

/** Shops, those who call, and names of things of everybody's. */
export async function aWorld(app: TestApp) {
  const { ours, strangers, ...households } = await someHouseholds(app);
  const { own, other, foreign } = households;
  const service = await aUser(app, ours.tenant, 'service');
  const customer = asRole(own.user, 'customer', own.customerId);
  const members = [
    customer,
    asRole(ours.staff, 'staff'),
    asRole(ours.admin, 'admin'),
    asRole(service, 'service'),
  ];
  const stranger = { ...asRole(strangers.admin, 'admin'), name: 'a stranger' };
  const narrow = await Promise.all(scopes.map((scope) => withOnly(app, ours.admin, scope)));
  const everybody: readonly Who[] = [nobody, ...members, stranger, ...narrow];

  const seen = new Map<Owner, Set<string>>([
    ['own', new Set([own.customerId, own.address])],
    ['other', new Set([other.customerId, other.address])],
    ['foreign', new Set(Object.values(foreign.tenant))],
  ]);
  const nameOf = namesFrom(app, households, seen);
  for (const kind of allKinds)
    await nameOf({ kind, owner: 'foreign', who: nobody, again: true, digits: false });
  const { tenantId } = ours.tenant;
  return {
    everybody,
    nameOf,
    leaked: leaksTo(tenantId, seen),
    tenantId,
    customerId: own.customerId,
    customer: own.user,
    anotherAdmin: await aUser(app, ours.tenant, 'admin'),
    foreign: foreign.tenant.tenantId,
  };
}
export type World = Awaited<ReturnType<typeof aWorld>>;

function asRole(user: TestUser, role: Role, customerId: string | null = null): Who {
  const { tenantId, id: principalId, token } = user;
  const caller = { tenantId, principalId, tokenId: null, name: role, role, granted: null, customerId };
  return { name: role, caller, token, user, only: null };
}

async function withOnly(app: TestApp, user: TestUser, only: Scope): Promise<Who> {
  const { id, token } = await aToken(app, user, [only]);
  const { tenantId, id: principalId } = user;
  const rest = { tokenId: id, name: 'admin', role: 'admin', granted: [only], customerId: null } as const;
  return { name: `only ${only}`, caller: { tenantId, principalId, ...rest }, token, user, only };
}

/** The numbers of the customers, each of another. */
const numbers: Record<Owner, string> = { own: '1', other: '2', foreign: '500', unknown: '999999' };
type Households = Readonly<Record<Exclude<Owner, 'unknown'>, Household>>;

/** Names of things; to a caller, sessions, tokens and users of its own are `own`. */
function namesFrom(app: TestApp, households: Households, seen: ReadonlyMap<Owner, Set<string>>) {
  const made = new Map<string, string>();
  const orders = new Map<Owner, string>();
  const { tenantId } = households.own.tenant;
  return async ({ kind, owner, who, again, digits }: Wanted): Promise<string> => {
    if (digits) return numbers[owner];
    if (owner === 'unknown') return kind === 'session' ? 'f'.repeat(64) : newId();
    const { name: caller, user } = who;
    const personal = ['session', 'token', 'user'].includes(kind);
    const mine = personal && owner === 'own' && user?.tenantId === tenantId ? user : null;
    const key = [kind, owner, mine ? caller : ''].join();
    const known = made.get(key);
    const same = again || owner === 'foreign';
    if (same && known !== undefined && kind !== 'line') return known;
    const house = { ...households[owner], lastOrder: orders.get(owner) };
    const name = await thing(app, kind, mine ? { ...house, user: mine } : house);
    if (same) made.set(key, name);
    if (kind === 'order') orders.set(owner, name);
    if (owner === 'foreign' || owned.includes(kind)) seen.get(owner)?.add(name);
    return name;
  };
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The ids in an answer that this caller must never see. */
const leaksTo =
  (tenantId: string, seen: ReadonlyMap<Owner, ReadonlySet<string>>) =>
  ({ caller }: Who, text: string): string[] => {
    const owners: Owner[] = ['foreign'];
    if (caller?.tenantId !== tenantId) owners.push('own', 'other');
    else if (caller.role === 'customer') owners.push('other');
    const hidden = owners.flatMap((owner) => seen.get(owner) ?? []);
    return [...text.matchAll(uuid)].map(([id]) => id).filter((id) => hidden.some((ids) => ids.has(id)));
  };
