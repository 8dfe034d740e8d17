import { ok } from '@orderloom/core';
import { keepGatewayWebhook, tenantIds, transact } from '@orderloom/db';
import express, { type Express, type Request } from 'express';
import type { Parts } from '../context.ts';
import type { Gateway } from '../gateway.ts';
import { requestOf } from '../request.ts';

const bodyMax = 65_536;

/**
 * What a gateway tells by itself: believed by its signature alone, kept, and answered at once. It has its
 * effect afterwards, so that a slow order does not make the gateway tell it again.
 */
export function mountGatewayWebhooks(app: Express, parts: Parts): void {
  const { gateway } = parts;
  if (!gateway) return;
  const raw = express.raw({ type: () => true, limit: bodyMax, inflate: false });
  app.post('/webhooks/gateway', raw, async (req, res) => {
    const status = await statusOf(req, { ...parts, gateway });
    res
      .status(status)
      .set('Cache-Control', 'no-store')
      .json({ received: status === 200 });
  });
}

async function statusOf(
  req: Request,
  { db, gateway }: Pick<Parts, 'db'> & { readonly gateway: Gateway },
): Promise<200 | 400 | 401> {
  const body: unknown = req.body;
  if (!Buffer.isBuffer(body)) return 400;
  const { at, log } = requestOf(req);
  const signed = {
    id: req.get('webhook-id') ?? '',
    timestamp: req.get('webhook-timestamp') ?? '',
    signature: req.get('webhook-signature') ?? '',
  };
  const believed = gateway.believes(signed, { body, nowMs: Date.parse(at) });
  if (!believed.ok) {
    log.warn({ webhook: signed.id.slice(0, 100), why: believed.error }, 'a message was not believed');
    return believed.error === 'forged' ? 401 : 400;
  }
  const said = jsonOf(body);
  if (said === undefined) return 400;
  const heard = gateway.heard(said, at);
  if (!heard || !(await tenantIds(db)).includes(heard.tenantId)) return 200;
  const { tenantId } = heard;
  const { id } = believed.value;
  await transact(db, { tenantId }, async (em) =>
    ok(await keepGatewayWebhook(em, tenantId, { id, body: said })),
  );
  return 200;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
