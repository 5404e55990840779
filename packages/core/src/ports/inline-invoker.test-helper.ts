import type { CallMeta, ModelAnswer, ModelCall, ModelInvoker } from './model-invoker.js';

/** The answers of an inline invoker. */
export interface InlineScript {
  /**
   * The steps of a stream. A document is a batch of one chunk, and an array is a batch of several. A function is called and awaited:
   * it can pause, throw or act for the test. An error is thrown.
   */
  readonly steps?: readonly unknown[];
  /** The whole answer: a body, an object that becomes JSON, or a function that makes one of them. */
  readonly answer?: Answer | ((call: ModelCall) => Promise<Answer>);
  readonly contentType?: string;
  readonly meta?: CallMeta;
  /** Rejects every call. */
  readonly refusal?: unknown;
  /** Answers no call. */
  readonly hangs?: boolean;
}

type Answer = Uint8Array | object;

/** Creates an invoker for one test. It records its calls, and rejects a call for which it has no script. */
export function inlineInvoker(script: InlineScript = {}): ModelInvoker & { readonly calls: readonly ModelCall[] } {
  const { meta = { attempts: 1 }, contentType = 'application/json' } = script;
  const calls: ModelCall[] = [];
  async function take<T>(call: ModelCall, scripted: T | undefined): Promise<T> {
    calls.push(call);
    if (script.hangs) await hang();
    if ('refusal' in script) throw script.refusal;
    if (scripted === undefined) throw new Error('The test has no script for this call.');
    return scripted;
  }
  return {
    calls,
    async invoke(call): Promise<ModelAnswer> {
      const answer = await take(call, script.answer);
      const content = typeof answer === 'function' ? await answer(call) : answer;
      return { body: content instanceof Uint8Array ? content : bytesOf(content), contentType, meta };
    },
    async stream(call) {
      const steps = await take(call, script.steps);
      return { contentType, meta, batches: play(steps) };
    },
  };
}

/** A step that waits for `ms` milliseconds. */
export function pause(ms: number): () => Promise<void> {
  return () => new Promise((resolve) => setTimeout(resolve, ms));
}

/** A step that never ends. */
export function hang(): Promise<never> {
  return new Promise(() => {});
}

async function* play(steps: readonly unknown[]) {
  for (const step of steps) {
    if (step instanceof Error) throw step;
    if (typeof step === 'function') await step();
    else yield { chunks: [step].flat().map((document) => ({ bytes: bytesOf(document) })) };
  }
}

function bytesOf(document: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(document));
}
