/** A charge of the sandbox: everything is a total in minor units. */
export type Charge = {
  readonly id: string;
  /** What the shop calls it. */
  readonly reference: string;
  readonly currency: string;
  readonly amount: number;
  readonly authorized: number;
  readonly captured: number;
  readonly voided: number;
  readonly refunded: number;
  readonly token: string;
};

/** One request and what became of it. */
export type Done = {
  readonly key: string;
  readonly operation: string;
  readonly status: 'succeeded' | 'failed' | 'requires_action';
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly action: { readonly kind: string; readonly url: string | null } | null;
};

/** What the sandbox says: a charge as it is now, and the request that this is about. */
export type Statement = { readonly charge: Charge; readonly request: Done };

/** A request for a new charge. */
export type NewCharge = {
  readonly reference: string;
  readonly currency: string;
  readonly amount: number;
  readonly capture: boolean;
  readonly token: string;
};

/** A request for something to be done with a charge. */
export type Change = {
  readonly operation: 'capture' | 'void' | 'refund';
  readonly amount: number;
  readonly final: boolean;
};

/** What the magic tokens decline. */
const declined: Readonly<Record<string, Done['failure']>> = {
  tok_declined: { code: 'card_declined', message: 'The card was declined.' },
  tok_insufficient_funds: { code: 'insufficient_funds', message: 'The card has not enough money on it.' },
};

/** A new charge: what the token makes of it. */
export function charged(
  asked: NewCharge,
  { id, key }: { readonly id: string; readonly key: string },
): Statement {
  const { capture, token, ...said } = asked;
  const none: Charge = { id, ...said, authorized: 0, captured: 0, voided: 0, refunded: 0, token };
  const operation = capture ? 'charge' : 'authorize';
  const request: Done = { key, operation, status: 'succeeded', failure: null, action: null };
  const failure = declined[token];
  if (failure) return { charge: none, request: { ...request, status: 'failed', failure } };
  if (token === 'tok_requires_action') {
    const action = { kind: 'redirect', url: `/v1/charges/${id}/challenge` };
    return { charge: none, request: { ...request, status: 'requires_action', action } };
  }
  const { amount } = asked;
  return { charge: { ...none, authorized: amount, captured: capture ? amount : 0 }, request };
}

/** A charge after a change; one that does not fit it changes nothing. */
export function changed(charge: Charge, asked: Change, key: string): Statement {
  const { operation, amount, final } = asked;
  const request: Done = { key, operation, status: 'succeeded', failure: null, action: null };
  const { authorized, captured, voided, refunded } = charge;
  const open = (authorized === 0 ? charge.amount : authorized) - captured - voided;
  const room = { capture: authorized === 0 ? 0 : open, void: open, refund: captured - refunded }[operation];
  if (amount <= 0 || amount > room) {
    const failure = { code: 'amount_too_large', message: `Only ${room} is left.` };
    return { charge, request: { ...request, status: 'failed', failure } };
  }
  const rest = final ? open - amount : 0;
  const after = {
    capture: { captured: captured + amount, voided: voided + rest },
    void: { voided: voided + amount },
    refund: { refunded: refunded + amount },
  }[operation];
  return { charge: { ...charge, ...after }, request };
}

/** The customer did what was asked for. */
export const confirmed = ({ charge, request }: Statement): Statement => {
  const { amount } = charge;
  const taken = request.operation === 'charge' ? amount : 0;
  return {
    charge: { ...charge, authorized: amount, captured: taken },
    request: { ...request, status: 'succeeded', action: null },
  };
};
