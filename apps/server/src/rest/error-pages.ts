import type { Refusal } from '../errors.ts';
import { refusals } from '../refusals.ts';
import type { Entry } from '../refusals/entry.ts';
import type { Family } from './family.ts';
import { escaped, page } from './html.ts';
import { sampleOf } from './row.ts';

/** A page of the error catalogue, as programs read it. */
export type ErrorPage = Pick<Entry, 'title' | 'meaning' | 'causes' | 'fix' | 'retryable'> & {
  readonly code: string;
  readonly status: number;
  /** The answer as the api family gives it. */
  readonly example: unknown;
};

/** Every page of the catalogue, by code. */
export function errorPages(voice: Family, publicUrl: string): ErrorPage[] {
  const told = {
    requestId: '7f1d8c52-0b0e-4d4f-9a55-3c1f0f5b8a01',
    path: '/api/v1/orders/',
    publicUrl,
    operation: null,
  };
  const entries: [Refusal['code'], Entry][] = [];
  for (const code of codes) entries.push([code, refusals[code]]);
  const own = entries.map(([code, { wire, http, title, meaning, causes, fix, retryable }]) => ({
    code: wire,
    status: http,
    title,
    meaning,
    causes,
    fix,
    retryable,
    example: voice.refuse(sampleOf(code), told).body,
  }));
  const general = generalPages.map((page) => ({ ...page, example: { code: page.code, error: page.title } }));
  return [...own, ...general].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** The words of the service family that stand for several refusals at once. */
const generalPages: readonly Omit<ErrorPage, 'example'>[] = [
  {
    code: 'not_found',
    status: 404,
    title: 'Not found',
    meaning: 'What the path or a field names does not exist, or is not yours: both look the same on purpose.',
    causes: ['A wrong id.', 'It belongs to another customer or tenant.'],
    fix: 'Check the id, and with whose token you call.',
    retryable: false,
  },
  {
    code: 'conflict',
    status: 409,
    title: 'Conflict',
    meaning: 'The order has changed since it was read, or a key was used for another request before.',
    causes: [
      'Somebody else changed the order.',
      'An Idempotency-Key with a body that it did not have before.',
    ],
    fix: 'Read the order again and send its new version; send a new key with a new request.',
    retryable: false,
  },
  {
    code: 'invalid_request',
    status: 400,
    title: 'Invalid request',
    meaning: 'A field or parameter is missing, unknown, or has a value that is not allowed.',
    causes: [
      'A wrong type, such as a text for a number.',
      'A misspelt field.',
      'A product that is not sold here.',
    ],
    fix: 'Correct the fields that `details` names.',
    retryable: false,
  },
  {
    code: 'invalid_limit',
    status: 400,
    title: 'Invalid limit',
    meaning: 'A page has 1 to 100 rows.',
    causes: ['A `limit` that is no whole number, or out of range.'],
    fix: 'Send a `limit` from 1 to 100, or leave it out.',
    retryable: false,
  },
];

const isCode = (word: string): word is Refusal['code'] => word in refusals;
const codes = Object.keys(refusals).filter(isCode);

const again = ({ retryable }: ErrorPage) =>
  retryable
    ? 'The same request may succeed later.'
    : 'The same request fails again until something is changed.';

export const errorIndexHtml = (pages: readonly ErrorPage[]): string =>
  page('Errors', [
    '<p>Every answer that says no carries a <code>code</code>. This is what the codes mean.</p>',
    '<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>',
    ...pages.map(
      ({ code, status, meaning }) =>
        `<tr><td><a href="/docs/errors/${code}"><code>${code}</code></a></td><td>${status}</td>` +
        `<td>${escaped(meaning)}</td></tr>`,
    ),
    '</tbody></table>',
  ]);

export const errorPageHtml = (error: ErrorPage): string =>
  page(error.title, [
    `<p><code>${error.code}</code> · status ${error.status}</p>`,
    `<p>${escaped(error.meaning)}</p>`,
    '<h2>Usual causes</h2>',
    `<ul>${error.causes.map((cause) => `<li>${escaped(cause)}</li>`).join('')}</ul>`,
    '<h2>How to fix it</h2>',
    `<p>${escaped(error.fix)}</p>`,
    `<p>${again(error)}</p>`,
    '<h2>Example</h2>',
    `<pre>${escaped(JSON.stringify(error.example, null, 2))}</pre>`,
    '<p><a href="/docs/errors">All errors</a> · <a href="/docs">API documentation</a></p>',
  ]);

/** The catalogue as one Markdown document for the repository. */
export const errorsMarkdown = (pages: readonly ErrorPage[]): string =>
  [
    '# Errors',
    '',
    'Generated from the error catalogue; the server shows the same under `/docs/errors`.',
    ...pages.flatMap((error) => [
      '',
      `## \`${error.code}\``,
      '',
      `**${error.title}** · status ${error.status}`,
      '',
      error.meaning,
      '',
      ...error.causes.map((cause) => `- ${cause}`),
      '',
      `${error.fix} ${again(error)}`,
    ]),
    '',
  ].join('\n');
