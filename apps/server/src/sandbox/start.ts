import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** A sandbox in a process of its own, and what is needed to speak with it. */
export type RunningSandbox = {
  readonly url: string;
  readonly key: string;
  readonly webhookSecret: string;
  readonly kill: () => void;
};
export type SandboxOptions = {
  readonly port: number;
  /** Where it remembers its charges; `null`: nowhere. */
  readonly dataDir: string | null;
  /** Whom it tells what happens. */
  readonly listenerUrl: string | null;
  /** For whoever starts it again, or speaks with it from elsewhere. */
  readonly key?: string;
  readonly webhookSecret?: string;
  readonly lateMs?: number;
};

const Told = z.object({ port: z.int() });
const secret = (): string => randomBytes(24).toString('base64');

/** Starts the card sandbox; it ends with this process, however that ends. */
export async function startSandbox({
  key = secret(),
  webhookSecret = `whsec_${secret()}`,
  listenerUrl,
  ...rest
}: SandboxOptions): Promise<RunningSandbox> {
  const file = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const listener = listenerUrl === null ? null : { url: listenerUrl, secret: webhookSecret };
  child.send({ ...rest, key, listener });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the card sandbox did not start');
  });
  const [said]: unknown[] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  child.unref();
  child.channel?.unref();
  const url = `http://127.0.0.1:${Told.parse(said).port}`;
  return { url, key, webhookSecret, kill: () => void child.kill('SIGKILL') };
}
