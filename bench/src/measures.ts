import { setTimeout as sleep } from 'node:timers/promises';
import { AnswerSink } from './answer-sink.ts';
import type { Contender } from './contenders.ts';
import { invoke, load } from './invoke.mjs';
import { median } from './median.ts';

type Run = (shape: string, sink?: AnswerSink) => Promise<AnswerSink>;

/** The measures. Each one runs in its own process after a warm-up and returns one number. */
export const measures = {
  /** CPU milliseconds for 1,000 pieces that arrive as fast as they are read. */
  async burst(run: Run): Promise<number> {
    for (let i = 0; i < 4; i++) await run('burst-5000');
    const chunks = 20_000;
    const spent = await cpuOf(async () => void (await run(`burst-${chunks}`)));
    return spent / (chunks / 1_000);
  },
  /**
   * The same, over 4 whole answers of 5,000 pieces. An answer that loses pieces does not count, nor does its CPU time: Portkey's
   * gateway breaks off if a network read ends inside the length of a frame, and so cannot take part in `burst`.
   */
  async answers(run: Run): Promise<number> {
    for (let i = 0; i < 4; i++) await run('burst-5000').catch(() => undefined);
    let spent = 0;
    for (let [whole, lost] = [0, 0]; whole < 4; ) {
      const began = process.cpuUsage();
      try {
        await run('burst-5000');
        spent += msSince(began);
        whole += 1;
      } catch (error) {
        lost += 1;
        if (lost > 20) throw error;
      }
    }
    return spent / 20;
  },
  /** CPU milliseconds for a request with 20 pieces. Each piece is one network read, and 16 requests run at once. */
  async request(run: Run): Promise<number> {
    await inParallel(16, 320, () => run('paced-20'));
    const requests = 800;
    const spent = await cpuOf(() => inParallel(16, requests, () => run('paced-20')));
    return spent / requests;
  },
  /** Milliseconds from the call of the handler to its first text: the median of 200 sequential requests. */
  async firstText(run: Run): Promise<number> {
    const times: number[] = [];
    for (let i = 0; i < 300; i++) {
      const began = performance.now();
      const { firstTextAt } = await run('paced-20');
      if (i >= 100) times.push(firstTextAt - began);
    }
    return median(times);
  },
  /** Peak memory growth in MB of a warm process for 50,000 pieces. */
  memory: (run: Run): Promise<number> => growthOver(run, 'burst-50000', 0),
  /** Peak memory growth in MB for a stream of 40 MB whose reader pauses for 3 seconds. */
  pausedReader: (run: Run): Promise<number> => growthOver(run, 'burst-130000', 3_000),
} as const;

export type MeasureName = keyof typeof measures;

/** Loads a contender and runs one measure. */
export async function measure(name: MeasureName, contender: Contender): Promise<number> {
  const handler = await load(contender);
  return await measures[name](async (shape, sink = new AnswerSink()) => {
    await invoke(contender, handler, shape, sink);
    await sink.whole(Number(/\d+$/.exec(shape)?.[0]), { joinsText: contender.dialect === 'openai' });
    return sink;
  });
}

async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return msSince(before);
}

function msSince(before: NodeJS.CpuUsage): number {
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
