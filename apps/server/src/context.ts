import type { Instant, Origin, Role, Scope } from '@orderloom/core';
import type { Database } from '@orderloom/db';
import type { Logger } from 'pino';
import type { Cache } from './cache.ts';
import type { Config } from './config.ts';
import type { Gateway } from './gateway.ts';
import type { Limits } from './limits.ts';
import type { Live } from './live.ts';
import type { SessionCookie } from './auth/sessions.ts';
import type { Once } from './once.ts';
import type { Finding } from './orders/finding.ts';
import type { Changing } from './orders/changing/changing.ts';
import type { Placing } from './orders/placing/placing.ts';
import type { Redis } from './redis.ts';
import type { Remote } from './remote.ts';

/** Who calls, in exactly one tenant. */
export type Caller = {
  readonly tenantId: string;
  /** `null` for the tenant's own service in a trusted network. */
  readonly principalId: string | null;
  readonly tokenId: string | null;
  readonly name: string;
  readonly role: Role;
  /** The scopes of an API token; `null` for a session, which has all of its role. */
  readonly granted: readonly Scope[] | null;
  readonly customerId: string | null;
};

/** What `main.ts` composes once and every request shares. */
export type Parts = {
  readonly config: Config;
  readonly db: Database;
  readonly log: Logger;
  readonly finding: Finding;
  readonly placing: Placing;
  readonly changing: Changing;
  /** Services of somebody else; `null` when all are our own. */
  readonly remote: Remote | null;
  /** Who takes cards; `null`: nobody. */
  readonly gateway: Gateway | null;
  readonly live: Live;
  readonly cache: Cache;
  readonly limits: Limits;
  /** `null`: this server keeps and counts for itself. */
  readonly redis: Redis | null;
};

/** What one procedure call knows. The clock is read once per request. */
export type Context = {
  readonly parts: Parts;
  readonly caller: Caller | null;
  readonly at: Instant;
  readonly newId: () => string;
  readonly requestId: string;
  readonly address: string;
  readonly log: Logger;
  /** The door by which the call came in. */
  readonly origin: Origin;
  /** The key of a call that must have one effect however often it is sent. */
  readonly once: Once | null;
  /** The sign-in cookie of the console; `null` behind the REST bridge, which takes tokens only. */
  readonly cookie: SessionCookie | null;
};
