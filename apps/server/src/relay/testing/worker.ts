import { defences, openDatabase } from '@orderloom/db';
import { pino } from 'pino';
import type { Consumer } from '../../feed.ts';
import { startRelay } from '../relay.ts';
import { sinkInto } from './sink.ts';

// A relay in a process of its own: `worker.ts URL FILE NAME [HANGS-AFTER] [DEFENCE-OFF]`. It hangs for ever
// on the event after so many, so that it can be killed in the middle of a delivery.
const [url = '', file = '', name = '', hangsAfter = '', off = ''] = process.argv.slice(2);
const defenceOff = defences.filter((defence) => defence === off);
const db = await openDatabase({ url, poolMax: 8, acquireTimeoutMs: 20_000, defenceOff });
const sink = sinkInto(file, name);
let left = hangsAfter === '' ? Infinity : Number(hangsAfter);
const consumer: Consumer = {
  ...sink,
  deliver: async (event) => {
    left -= 1;
    if (left < 0) {
      process.stdout.write('hangs\n');
      await new Promise(() => {});
    }
    await sink.deliver(event);
  },
};
const patience = { leaseMs: 1_000, timeoutMs: 900, firstRetryMs: 50, lastRetryMs: 100 };
const log = pino({ level: 'error' }, pino.destination(2));
startRelay({ db, log, consumers: [consumer], pollMs: 50, patience });
// It does not outlive the test that started it.
process.stdin.once('end', () => process.exit()).resume();
process.stdout.write('ready\n');
