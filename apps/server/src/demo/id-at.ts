import type { Instant } from '@orderloom/core';
import type { Chance } from './chance.ts';

/** A UUIDv7 of a past moment, so that what happened earlier also sorts earlier. */
export function idAt(at: Instant, luck: Chance): string {
  const time = Date.parse(at).toString(16).padStart(12, '0');
  const digits = (count: number) =>
    Array.from({ length: count }, () => luck.between(0, 15).toString(16)).join('');
  const variant = luck.pick(['8', '9', 'a', 'b']);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits(3)}-${variant}${digits(3)}-${digits(12)}`;
}
