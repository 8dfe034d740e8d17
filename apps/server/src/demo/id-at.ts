import type { Instant } from '@orderloom/core';
import type { Chance } from './chance.ts';

/** A UUIDv7 of a past moment, so that what happened earlier also sorts earlier. */
export function idAt(at: Instant, luck: Chance): string {
  const time = Date.parse(at).toString(16).padStart(12, '0');
  const digits = (count: number) =>
    Math.floor(luck.next() * 16 ** count)
      .toString(16)
      .padStart(count, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits(3)}-8${digits(3)}-${digits(6)}${digits(6)}`;
}
