import { SMTPServer } from 'smtp-server';
import { freePort } from './program.ts';

/** A mail server that takes everything and remembers of which events it has heard. */
export type MailSink = {
  readonly port: number;
  readonly ids: ReadonlySet<string>;
  readonly stop: () => Promise<void>;
};

export async function startMailSink(): Promise<MailSink> {
  const ids = new Set<string>();
  const port = await freePort();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const id = /^message-id:\s*(\S+)/im.exec(Buffer.concat(chunks).toString())?.[1];
        if (id !== undefined) ids.add(id);
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const stop = () => new Promise<void>((resolve) => server.close(resolve));
  return { port, ids, stop };
}
