import type { Instant } from '@orderloom/core';

/** That an operation is on its way out: nothing of it changes until it is gone. */
export type Deprecated = {
  readonly since: Instant;
  /** When it will be gone; `null` while nobody has said so. */
  readonly sunset: Instant | null;
  /** The path that takes its place. */
  readonly instead: string;
};

/** What RFC 9745 and RFC 8594 want to be said with every answer of such an operation. */
export function deprecationHeaders({ since, sunset, instead }: Deprecated): Record<string, string> {
  return {
    Deprecation: `@${Math.floor(Date.parse(since) / 1_000)}`,
    ...(sunset === null ? {} : { Sunset: new Date(sunset).toUTCString() }),
    Link: `<${instead}>; rel="successor-version", </docs>; rel="deprecation"`,
  };
}

/** The same in words, for the documentation. */
export const deprecationText = ({ since, sunset, instead }: Deprecated): string =>
  `Deprecated since ${since.slice(0, 10)}: use \`${instead}\`.` +
  (sunset === null ? '' : ` It will be gone on ${sunset.slice(0, 10)}.`);
