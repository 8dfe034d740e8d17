import { Archive, Check, CircleAlert, CircleSlash } from 'lucide-react';
import { Pill } from '../../ui/status.tsx';

const low = 5;

/** How many can be sold, with a warning before there are none. */
export function StockPill({
  available,
  active = true,
}: {
  readonly available: number;
  readonly active?: boolean;
}) {
  if (!active) return <Pill text="Not for sale" tone="quiet" icon={Archive} />;
  if (available <= 0)
    return (
      <Pill text={available < 0 ? `${available} available` : 'None left'} tone="bad" icon={CircleSlash} />
    );
  if (available <= low) return <Pill text={`${available} available`} tone="warn" icon={CircleAlert} />;
  return <Pill text={`${available} available`} tone="good" icon={Check} />;
}
