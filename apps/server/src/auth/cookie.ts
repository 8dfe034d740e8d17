import type { CookieOptions, Request, Response } from 'express';
import type { SessionCookie } from './sessions.ts';

const weekMs = 7 * 24 * 60 * 60 * 1000;

/**
 * `__Host-` ties the cookie to this host and to https; on plain http, for one's own machine, it has another
 * name.
 */
export function cookieOf(publicUrl: string, req: Request, res: Response): SessionCookie {
  const secure = publicUrl.startsWith('https:');
  const name = secure ? '__Host-olm' : 'olm';
  const options: CookieOptions = { path: '/', httpOnly: true, secure, sameSite: 'lax' };
  return {
    token: readCookie(req.headers.cookie ?? '', name),
    set: (token) => void res.cookie(name, token, { ...options, maxAge: weekMs }),
    clear: () => void res.clearCookie(name, options),
  };
}

/** The cookie's value if it can be one of ours: 32 bytes in base64url. */
function readCookie(header: string, name: string): string | null {
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=');
    const value = pair.slice(at + 1).trim();
    if (at > 0 && pair.slice(0, at).trim() === name && /^[\w-]{43}$/.test(value)) return value;
  }
  return null;
}
