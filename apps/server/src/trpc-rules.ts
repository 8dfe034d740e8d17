import type { AnyRouter } from '@trpc/server';

/** Refuses to start with a procedure for which nobody has said who may call it. */
export function assertRules(router: AnyRouter): void {
  const procedures: Record<string, unknown> = router._def.procedures;
  const open = Object.entries(procedures).flatMap(([path, procedure]) => (hasRule(procedure) ? [] : [path]));
  if (open.length > 0) throw new RangeError(`These procedures have no rule: ${open.join(', ')}`);
}

function hasRule(procedure: unknown): boolean {
  if (typeof procedure !== 'function' || !('_def' in procedure)) return false;
  const { _def: definition } = procedure;
  if (typeof definition !== 'object' || definition === null || !('meta' in definition)) return false;
  const { meta } = definition;
  return typeof meta === 'object' && meta !== null && 'rule' in meta && meta.rule !== undefined;
}
