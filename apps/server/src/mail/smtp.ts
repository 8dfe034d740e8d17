import { createTransport } from 'nodemailer';
import { isLoopback } from '../config.ts';
import { Undeliverable } from '../feed.ts';
import { oneLine } from './letter.ts';

/** One mail, ready to go. */
export type Message = {
  readonly id: string;
  /** The host part of its Message-ID. */
  readonly host: string;
  readonly from: string;
  readonly to: { readonly name: string; readonly email: string };
  readonly subject: string;
  readonly html: string;
  readonly text: string;
};

/** A mail server that takes our mails. */
export type Smtp = {
  /** Rejects in time when the server did not take the mail; with `Undeliverable` if it never will. */
  readonly send: (message: Message) => Promise<void>;
  readonly close: () => void;
};

const limits = {
  dnsTimeout: 5_000,
  connectionTimeout: 5_000,
  greetingTimeout: 5_000,
  socketTimeout: 10_000,
  maxConnections: 3,
  idleTimeout: 30_000,
  // Once more where a kept connection turns out to be closed; whoever feeds us does the rest.
  maxRequeues: 1,
};

/** However slowly a server talks, and however long the queue before it is. */
const sendMs = 9_000;

/** Opens no connection before the first mail; a few of them are kept and used again. */
export function openSmtp(url: string): Smtp {
  const { hostname, username } = new URL(url);
  const pool = createTransport({
    url,
    pool: true,
    ...limits,
    // A password never travels in the clear, except within this machine.
    requireTLS: username !== '' && !isLoopback(hostname),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (message) => {
      try {
        await pool.sendMail({ ...envelope(message), signal: AbortSignal.timeout(sendMs) });
      } catch (thrown) {
        throw isFinal(thrown) ? new Undeliverable(thrown.message) : thrown;
      }
    },
    close: () => pool.close(),
  };
}

/** The server knows this recipient, and has no place for mail to them. */
const isFinal = (thrown: unknown): thrown is Error =>
  thrown instanceof Error &&
  'command' in thrown &&
  thrown.command === 'RCPT TO' &&
  'responseCode' in thrown &&
  Number(thrown.responseCode) >= 500;

/** Names and addresses are given in parts, so that none of them is read as a list or as a header. */
const envelope = ({ id, host, from, to, subject, html, text }: Message) => ({
  from,
  to: { name: oneLine(to.name), address: to.email },
  subject: oneLine(subject),
  messageId: `<${id}@${host}>`,
  headers: {
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'X-Entity-Ref-ID': id,
  },
  html,
  text,
});
