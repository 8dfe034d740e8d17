import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const steps = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** How long ago `at` was, in the largest unit that fits: `3 hours ago`. */
export function agoText(at: string, now: number): string {
  const seconds = Math.round((Date.parse(at) - now) / 1_000);
  const step = steps.find(([, length]) => Math.abs(seconds) >= length);
  return step ? relative.format(Math.trunc(seconds / step[1]), step[0]) : 'just now';
}

/** The clock of the page: one timer for all times that are shown. */
const clock = {
  minute: () => Math.floor(Date.now() / 30_000) * 30_000,
  subscribe: (tick: () => void) => {
    const timer = setInterval(tick, 30_000);
    return () => clearInterval(timer);
  },
};

// The exact time must be reachable by keyboard, too.
const focusable = { tabIndex: 0 };

/** A moment: relative to read, exact on hover and on focus. */
export function Ago({ at }: { readonly at: string }) {
  const now = useSyncExternalStore(clock.subscribe, clock.minute);
  const shown = agoText(at, Math.max(now, Date.parse(at)));
  return (
    <Tooltip label={exact.format(new Date(at))}>
      <time className="ol-time" dateTime={at} {...focusable}>
        {shown}
      </time>
    </Tooltip>
  );
}
