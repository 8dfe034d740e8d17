import { err, type GatewayReport, type GatewayRequest, type Instant, ok, type Result } from '@orderloom/core';
import { z } from 'zod';
import type { Gateway, GatewayErrand, GatewayTrouble } from '../gateway.ts';
import { believed } from '../signature.ts';
import { type Client, createClient } from './http.ts';

const total = z.int().min(0);
const Charge = z.object({
  id: z.string().min(1).max(100),
  reference: z.string(),
  currency: z.string(),
  amount: total,
  authorized: total,
  captured: total,
  voided: total,
  refunded: total,
});
const Done = z.object({
  key: z.string(),
  status: z.enum(['succeeded', 'failed', 'requires_action']),
  failure: z.object({ code: z.string().max(100), message: z.string().max(500) }).nullable(),
  action: z.object({ kind: z.string().max(100), url: z.string().max(2_000).nullable() }).nullable(),
});
const Statement = z.object({ charge: Charge, request: Done });
type Statement = z.output<typeof Statement>;
const Message = z.object({ type: z.literal('charge.updated'), data: Statement });
const Charges = z.object({ charges: z.array(Charge) });

/** A charge bears the name of our payment, and a request the payment's name with its number. */
const referenceOf = (tenantId: string, paymentId: string): string => `${tenantId}/${paymentId}`;
const named = /^([a-z0-9-]{1,63})\/([0-9a-f-]{36})$/;
const Key = z.string().regex(/^[0-9a-f-]{36}:\d{1,9}$/);

/**
 * How the request ended that the statement is about, and the totals of the charge. Of a group's charge the
 * parts ask for themselves later on: what is declined is told of the part, and a total says whose it was.
 */
function reportsOf({ charge, request }: Statement, at: Instant): GatewayReport[] {
  const [, , paymentId] = named.exec(charge.reference) ?? [];
  if (paymentId === undefined) return [];
  const [part, number] = Key.safeParse(request.key).data?.split(':') ?? [];
  const { currency, authorized, captured, voided, refunded } = charge;
  const by = { reportId: `${charge.id} ${request.key}`, currency, at };
  const { status, failure, action } = request;
  const end: GatewayReport[] = [];
  if (part !== undefined) {
    const word = { ...by, paymentId: part, amount: 0, attempt: Number(number) };
    if (status === 'failed') end.push({ ...word, kind: 'failed', ...(failure && { failure }) });
    if (status === 'requires_action')
      end.push({ ...word, kind: 'requires_action', ...(action && { action }) });
  }
  const totals = [
    // A capture says that it was authorized, too.
    { kind: 'authorized', amount: authorized > captured ? authorized : 0 },
    { kind: 'captured', amount: captured },
    { kind: 'voided', amount: voided },
    { kind: 'refunded', amount: refunded },
  ] as const;
  const whole = { ...by, paymentId, ...(part !== undefined && part !== paymentId && { part }) };
  return [...end, ...totals.filter(({ amount }) => amount > 0).map((one) => ({ ...whole, ...one }))];
}

/** Where a gateway is, what it knows us by, and what its messages are signed with. */
export type GatewayPlace = { readonly url: string; readonly key: string; readonly webhookSecret: string };

const tryMs = 5_000;

/** A gateway that keeps charges by the shop's references, such as our sandbox. */
export function gatewayAt({ url, key, webhookSecret }: GatewayPlace): Gateway {
  const client = createClient({ url, token: key, tryMs });
  return {
    look: async (errand, { idempotencyKey }) => {
      const path = `/v1/charges?idempotency_key=${encodeURIComponent(idempotencyKey)}`;
      const said = await client.ask(errand, { path, shape: Statement, known: [404] });
      if (!said.ok) return said;
      return ok(said.value.value && reportsOf(said.value.value, errand.at));
    },
    send: (errand, request) => send(client, errand, request),
    believes: (signed, message) => believed(webhookSecret, signed, message),
    heard: (body, at) => {
      const message = Message.safeParse(body);
      const tenantId = message.success ? named.exec(message.data.data.charge.reference)?.[1] : undefined;
      return message.success && tenantId !== undefined
        ? { tenantId, reports: reportsOf(message.data.data, at) }
        : null;
    },
  };
}

type Sent = GatewayRequest & { readonly cardToken: string | null };

async function send(
  client: Client,
  errand: GatewayErrand,
  request: Sent,
): Promise<Result<readonly GatewayReport[], GatewayTrouble>> {
  const { operation, amount, currency, final, idempotencyKey: key, cardToken } = request;
  const reference = referenceOf(errand.tenantId, request.charged);
  const begins = operation === 'charge' || operation === 'authorize';
  const id = begins ? ok(null) : await chargeOf(client, errand, reference);
  if (!id.ok) return id;
  const token = cardToken === null ? {} : { token: cardToken };
  const body = begins
    ? { reference, currency, amount, capture: operation === 'charge', ...token }
    : { amount, final };
  const path = begins ? '/v1/charges' : `/v1/charges/${id.value}/${operation}`;
  const said = await client.ask(errand, {
    path,
    shape: Statement,
    known: [],
    put: { body, etag: null, key, post: true },
  });
  if (!said.ok) return said;
  return said.value.value ? ok(reportsOf(said.value.value, errand.at)) : err({ detail: `POST ${path}` });
}

/** The charge of a payment: of several tries, the one that money came of, or else the last one. */
async function chargeOf(
  client: Client,
  errand: GatewayErrand,
  reference: string,
): Promise<Result<string, GatewayTrouble>> {
  const path = `/v1/charges?reference=${encodeURIComponent(reference)}`;
  const said = await client.ask(errand, { path, shape: Charges, known: [] });
  if (!said.ok) return said;
  const charges = said.value.value?.charges ?? [];
  const charge = charges.find(({ authorized }) => authorized > 0) ?? charges.at(-1);
  return charge ? ok(encodeURIComponent(charge.id)) : err({ detail: `${path}: no charge` });
}
