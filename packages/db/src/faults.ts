/** The SQLSTATE of a database error, wherever it is wrapped; '' for everything else. */
export function sqlStateOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  if ('code' in thrown && typeof thrown.code === 'string' && /^[0-9A-Z]{5}$/.test(thrown.code))
    return thrown.code;
  return sqlStateOf(thrown.cause);
}

// Connection lost, too many connections, shutting down, disk full, waited too long for a lock or an answer.
const unavailableStates = /^(?:08...|53...|57P0.|57014|55P03)$/;
const lostConnection =
  /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|EPIPE|[Cc]onnection terminated|not queryable/;
const fullPool = /timeout exceeded when trying to connect/;

/**
 * Whether the database could not be reached or had no time: the same request may well succeed a moment
 * later.
 */
export function isUnavailable(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (unavailableStates.test(sqlStateOf(thrown))) return true;
  // A name with several addresses fails with a code alone.
  if ('code' in thrown && lostConnection.test(String(thrown.code))) return true;
  if (lostConnection.test(thrown.message) || fullPool.test(thrown.message)) return true;
  return isUnavailable(thrown.cause);
}

/** The field whose name somebody else was faster to take; `undefined` for every other fault. */
export function takenFieldOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const rule = 'constraint' in thrown ? String(thrown.constraint) : '';
  const taken = /^(?:customers|products|variants|stores)_tenant_id_(code|sku|slug)_key$/.exec(rule)?.[1];
  return taken ?? takenFieldOf(thrown.cause);
}
