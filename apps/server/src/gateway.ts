import type { GatewayReport, GatewayRequest, Instant, Result } from '@orderloom/core';
import type { NotBelieved, Signed } from './signature.ts';

/** On whose behalf a gateway is asked, and until when it may take. */
export type GatewayErrand = {
  readonly tenantId: string;
  readonly requestId: string;
  readonly at: Instant;
  readonly signal: AbortSignal;
};

/** A gateway gave no answer: whether it did what was asked is not known. */
export type GatewayTrouble = { readonly detail: string };

type Reports = readonly GatewayReport[];

/** Whoever takes cards. What it says is reports for core, whatever they were asked by. */
export type Gateway = {
  /** What became of a request; `null` when it never arrived. */
  readonly look: (
    errand: GatewayErrand,
    request: GatewayRequest,
  ) => Promise<Result<Reports | null, GatewayTrouble>>;
  /** Sends a request. Sent again under the same key it has no second effect. */
  readonly send: (
    errand: GatewayErrand,
    request: GatewayRequest & { readonly cardToken: string | null },
  ) => Promise<Result<Reports, GatewayTrouble>>;
  /** Whether a message was signed by the gateway a moment ago. */
  readonly believes: (
    signed: Partial<Signed>,
    message: { readonly body: Buffer; readonly nowMs: number },
  ) => Result<Signed, NotBelieved>;
  /** What a message says, and of which tenant; `null` when it is of no kind that we know. */
  readonly heard: (
    body: unknown,
    at: Instant,
  ) => { readonly tenantId: string; readonly reports: Reports } | null;
};
