import { Agent, request } from 'node:http';

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** After so long nobody waits for the answer any more. */
  readonly timeoutMs: number;
};
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
};

const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });

/** One request; `null` when nobody knows what became of it: no answer in time, or the line was lost. */
export const ask = (url: string, asked: Asked): Promise<Answer | null> =>
  new Promise((resolve) => {
    const { method, path, token, body, headers = {}, timeoutMs } = asked;
    const text = body === undefined ? '' : JSON.stringify(body);
    const sending = request(url + path, {
      method,
      agent,
      signal: AbortSignal.timeout(Math.max(1, Math.round(timeoutMs))),
      headers: {
        'content-length': String(Buffer.byteLength(text)),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    sending.on('error', () => resolve(null));
    sending.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(null));
      response.on('close', () => resolve(null));
      response.on('end', () => {
        const whole = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: whole });
      });
    });
    sending.end(text);
  });

/** One header's text, or nothing. */
export function headerOf({ headers }: Pick<Answer, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
