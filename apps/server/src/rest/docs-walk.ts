import { escaped } from './html.ts';

type Step = {
  readonly says: string;
  readonly as: 'customer' | 'staff';
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: string;
  /** What the shell calls the id that is answered. */
  readonly keeps?: 'ORDER' | 'PAYMENT';
};

const aMug = '{"payment_method": "credit_card", "items": [{"product": "MUG", "quantity": 2}]}';

/** The life of an order, step by step. */
const steps: readonly Step[] = [
  { says: 'Order two mugs', as: 'customer', method: 'POST', path: 'orders/', body: aMug, keeps: 'ORDER' },
  {
    says: 'Open a payment for it',
    as: 'customer',
    method: 'POST',
    path: 'payments/',
    body: `{"order": "'$ORDER'"}`,
    keeps: 'PAYMENT',
  },
  { says: 'Charge the card', as: 'customer', method: 'POST', path: 'payments/$PAYMENT/process_payment/' },
  { says: 'Confirm the order', as: 'staff', method: 'PATCH', path: 'orders/$ORDER/confirm_order/' },
  {
    says: 'Ship it',
    as: 'staff',
    method: 'PATCH',
    path: 'orders/$ORDER/ship_order/',
    body: '{"tracking_number": "TRACK-1"}',
  },
  { says: 'It has arrived', as: 'staff', method: 'PATCH', path: 'orders/$ORDER/deliver_order/' },
  {
    says: 'Say what you thought of it',
    as: 'customer',
    method: 'POST',
    path: 'orders/$ORDER/feedback/',
    body: '{"score": 5, "comment": "Arrived a day early"}',
  },
  {
    says: 'Give some of the money back',
    as: 'staff',
    method: 'POST',
    path: 'orders/$ORDER/refunds/',
    body: '{"amount": "5.00", "reason": "one has a scratch"}',
  },
  { says: 'Look at what has become of it', as: 'customer', method: 'GET', path: 'orders/$ORDER/' },
];

function curlOf({ as, method, path, body, keeps }: Step, publicUrl: string, demo: boolean): string {
  const lines = [
    `curl -sS -X ${method} ${publicUrl}/api/v1/${path}`,
    `-H 'Authorization: Bearer ${demo ? `olm_test_${as}` : `<token of ${as}>`}'`,
    ...(body === undefined ? [] : [`-H 'Content-Type: application/json'`, `-d '${body}'`]),
  ];
  const call = lines.join(' \\\n  ');
  // The id is the first word of every answer.
  return keeps === undefined ? `${call}\necho` : `${keeps}=$(${call} | cut -d '"' -f 4)\necho "$${keeps}"`;
}

/** The walk for a shell, to be pasted step by step or all at once. */
const walkText = (publicUrl: string, demo: boolean): string =>
  steps.map((step) => `# ${step.says}\n${curlOf(step, publicUrl, demo)}`).join('\n\n');

const people = [
  ['olm_test_customer', 'John Doe, customer 1 (CUST1): orders, pays and rates what is his own'],
  ['olm_test_staff', 'the staff: everything of the shop but what is the administrator’s'],
  ['olm_test_admin', 'the administrator: also deletes, overrides prices and gives out tokens'],
] as const;

/** The life of an order in calls to paste, and in a demo shop who can call. */
export const walkHtml = (publicUrl: string, demo: boolean): string[] => [
  ...(demo
    ? [
        '<p>The tokens of this demo shop (the reference below calls as the staff, until another is given ' +
          'under <em>Authorize</em>):</p>',
        '<table>',
        ...people.map(([token, who]) => `<tr><td><code>${token}</code></td><td>${who}</td></tr>`),
        '</table>',
      ]
    : []),
  '<details><summary>The life of an order in nine calls, ready to paste</summary>',
  `<pre id="walk">${escaped(walkText(publicUrl, demo))}</pre>`,
  '</details>',
];
