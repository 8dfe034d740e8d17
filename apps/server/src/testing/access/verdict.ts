import { type Caller, commandScopes, may } from '@orderloom/core';
import type { Rule } from '../../trpc.ts';
import { owned, type Who, type World } from './people.ts';
import type { Kind, Owner } from './things.ts';

type Reach = 'all' | 'own' | null;

/** The rules of a call: its procedure's, and that of the command which it gives. */
export function rulesOf(rule: Rule, input: unknown): Rule[] {
  const command: unknown =
    typeof input === 'object' && input !== null && 'command' in input ? input.command : null;
  const type: unknown =
    typeof command === 'object' && command !== null && 'type' in command ? command.type : null;
  const rights: Partial<Record<string, Rule>> = commandScopes;
  const own = rights[String(type)];
  return own === undefined ? [rule] : [rule, own];
}

/** How far the rules let somebody reach: what each of them grants, and no more. */
export function reachOf(caller: Caller, rules: readonly Rule[]): Reach {
  const reaches = rules.map((rule): Reach => {
    if (typeof rule === 'string') return 'own';
    if (may(caller, rule.all)) return 'all';
    return rule.own !== undefined && may(caller, rule.own) ? 'own' : null;
  });
  if (reaches.includes(null)) return null;
  return reaches.includes('own') ? 'own' : 'all';
}

type Named = { readonly kind: Kind; readonly owner: Owner; readonly rules: readonly Rule[] };

/** Whether a thing is there for somebody; what is not looks as if it had never been. */
export function isThere({ caller }: Who, { kind, owner, rules }: Named, world: World): boolean {
  if (!caller || caller.tenantId !== world.tenantId || owner === 'foreign' || owner === 'unknown')
    return false;
  const isOwn = owner === 'own';
  if (kind === 'session') return isOwn;
  // What a customer was told is for nobody else to read.
  if (kind === 'notice') return isOwn && caller.role === 'customer' && caller.customerId === world.customerId;
  if ((kind === 'user' || kind === 'token') && rules.includes('signed-in'))
    return isOwn || may(caller, 'tokens:admin');
  if (!owned.includes(kind) || reachOf(caller, rules) === 'all') return true;
  return isOwn && caller.customerId === world.customerId;
}
