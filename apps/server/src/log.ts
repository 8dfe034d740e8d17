import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from './config.ts';
import type { Refusal } from './errors.ts';
import { countRefusal } from './metrics.ts';

/** Names under which secrets travel, wherever they stand in what is logged. */
const secretNames = [
  'authorization',
  'cookie',
  'password',
  'newPassword',
  'currentPassword',
  'passwordHash',
  'secret',
  'secretKey',
  'token',
  'databaseUrl',
  'smtpUrl',
  'natsUrl',
  '["set-cookie"]',
  '["x-api-key"]',
];
const redacted = ['', '*', '*.*', '*.*.*'].flatMap((prefix) =>
  secretNames.map((name) => (prefix === '' || name.startsWith('[') ? prefix + name : `${prefix}.${name}`)),
);

/** Tokens and passwords of servers that stand in the middle of a text, such as an error's message. */
const inText = [
  [/\bolm_(live|test)_[\w-]{8,}/g, 'olm_$1_[redacted]'],
  [/((?:postgres(?:ql)?|smtps?|nats):\/\/[^:/\s"]*):[^@\s"]*@/g, '$1:[redacted]@'],
] as const;

const labels: Readonly<Record<string, string>> = { warn: 'WARNING', fatal: 'ERROR', trace: 'DEBUG' };

/**
 * The log: one JSON object per line, or in development one readable line. `write` takes the lines in tests.
 */
export function createLog(
  { mode, logLevel }: Pick<Config, 'mode' | 'logLevel'>,
  write?: (line: string) => void,
): Logger {
  const readable = mode === 'development';
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: labels[label] ?? label.toUpperCase() }) },
      redact: { paths: redacted, censor: '[redacted]' },
      hooks: {
        streamWrite: (line) => (readable ? readableLine(withoutSecrets(line)) : withoutSecrets(line)),
      },
    },
    write ? { write } : output(readable),
  );
}

const keptMost = 16_000_000;

/** Standard output. That nothing can be written, on a full disk, is no reason to end: it is tried again. */
function output(sync: boolean): DestinationStream {
  const lines = pino.destination({ fd: 1, sync, maxLength: keptMost });
  lines.on('error', () => {});
  return lines;
}

const withoutSecrets = (line: string): string =>
  inText.reduce((text, [pattern, instead]) => text.replace(pattern, instead), line);

/** `09:00:00 INFO  POST /order/ 200  ms=12 tenant=shop-1`, and a stack below it where there is one. */
function readableLine(line: string): string {
  const { level, time, msg, err, ...facts }: Record<string, unknown> = JSON.parse(line);
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? `\n${String(err.stack)}` : '';
  const words = Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const head = `${String(time).slice(11, 19)} ${String(level).padEnd(7)} ${String(msg)}`;
  return `${head} ${words.join('')}${stack}\n`;
}

/** Every refusal is logged with its code and facts (S0-23): a rule said no, so it is a WARNING (S2-100). */
export function logRefusal(log: Logger, refusal: Refusal, where: string): void {
  countRefusal(refusal.code);
  log.warn({ where, refusal }, `refused: ${refusal.code}`);
}

/** What nobody expected, once and with its stack; the caller is told no more than `INTERNAL`. */
export function logFailure(log: Logger, thrown: unknown, where: string): void {
  countRefusal('INTERNAL');
  log.error({ where, err: thrown instanceof Error ? thrown : new Error(String(thrown)) }, 'failed');
}
