import { expect, it } from 'vitest';
import { agoText } from './date.tsx';

const now = Date.parse('2026-11-21T12:00:00Z');

it.each([
  ['2026-11-21T11:59:40Z', 'just now'],
  ['2026-11-21T11:58:00Z', '2 minutes ago'],
  ['2026-11-21T09:30:00Z', '2 hours ago'],
  ['2026-11-20T11:00:00Z', 'yesterday'],
  ['2026-11-01T12:00:00Z', '2 weeks ago'],
  ['2026-02-01T12:00:00Z', '9 months ago'],
  ['2024-11-01T12:00:00Z', '2 years ago'],
])('%s is told in the largest unit that fits', (at, told) => {
  expect(agoText(at, now)).toBe(told);
});
