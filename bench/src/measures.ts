import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerSink } from './answer-sink.ts';
import type { Contender } from './contenders.ts';
import { invoke, load } from './invoke.mjs';
import { median } from './median.ts';

type Run = (shape: string, sink?: AnswerSink) => Promise<AnswerSink>;

/** What is measured in a process of its own that has warmed up, by name; each gives one number. */
export const measures = {
  /** CPU milliseconds for 1,000 pieces that come as fast as they are read. */
  async burst(run: Run): Promise<number> {
    for (let i = 0; i < 4; i++) await run('burst-5000');
    const chunks = 20_000;
    const spent = await cpuOf(async () => void (await run(`burst-${chunks}`)));
    return spent / (chunks / 1_000);
  },
  /** CPU milliseconds for a request of 20 pieces, one network read each, 16 requests at once. */
  async request(run: Run): Promise<number> {
    await inParallel(16, 320, () => run('paced-20'));
    const requests = 800;
    const spent = await cpuOf(() => inParallel(16, requests, () => run('paced-20')));
    return spent / requests;
  },
  /** Milliseconds from the handler's call to its first write of text; the median of 200 requests, one after the other. */
  async firstText(run: Run): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < 300; i++) {
      const began = performance.now();
      const { firstTextAt } = await run('paced-20');
      if (i >= 100) times.push(firstTextAt - began);
    }
    return median(times);
  },
  /** MB that a process that has streamed before grows by, at its peak, over 50,000 pieces. */
  memory: (run: Run): Promise<number> => growthOver(run, 'burst-50000', 0),
  /** The same over 40 MB of a stream whose reader pauses for 3 s. */
  pausedReader: (run: Run): Promise<number> => growthOver(run, 'burst-130000', 3_000),
} as const;

export type MeasureName = keyof typeof measures;

/** Loads a contender and measures it. */
export async function measure(name: MeasureName, contender: Contender): Promise<number> {
  const handler = await load(contender);
  return await measures[name](async (shape, sink = new AnswerSink()) => {
    await invoke(contender, handler, shape, sink);
    await sink.whole(Number(/\d+$/.exec(shape)?.[0]));
    return sink;
  });
}

async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function inParallel(width: number, times: number, work: () => Promise<unknown>): Promise<void> {
  let left = times;
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (left-- > 0) await work();
    }),
  );
}

async function growthOver(run: Run, shape: string, pauseMs: number): Promise<number> {
  await run('burst-50000');
  globalThis.gc?.();
  await sleep(50);
  const before = process.memoryUsage.rss();
  const { peakMemory } = await run(shape, new AnswerSink({ sampleMemory: true, pauseMs }));
  return (Math.max(peakMemory, process.memoryUsage.rss()) - before) / 1e6;
}
