import { onStage, options, report, summary } from './bench.ts';
import { inTwo, type Measured } from './measure.ts';
import { anything, counted, orderOf } from './placed.ts';
import { spreadOf } from './result.ts';

// Two server processes on one database, beside one of them alone: 64 clients in all.
await onStage(async (stage) => {
  const second = await stage.join();
  const [two, one]: [Measured[], Measured[]] = [[], []];
  const what = { seconds: options.seconds, requests: anything.map(orderOf) };
  for (let turn = 0; turn < options.turns; turn += 1) {
    one.push(await counted(stage, () => inTwo(stage, [stage.url, stage.url], what)));
    two.push(await counted(stage, () => inTwo(stage, [stage.url, second], what)));
  }
  const { rate, more } = summary(two);
  const ratio = spreadOf(two.map(({ perSecond }, at) => perSecond / (one[at]?.perSecond ?? Number.NaN)));
  report({
    name: 'place, two server processes',
    value: rate,
    unit: 'orders/s',
    yardstick: { name: 'one process', value: summary(one).rate, ratio },
    more,
    first: { wants: '≥ 1 of one process', met: ratio.median >= 1 },
  });
});
