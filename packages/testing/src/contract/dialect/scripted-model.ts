import type { CallMeta, ChunkBatch, ModelAnswer, ModelCall, ModelInvoker, ModelStream } from '@bedrock-proxy/core';
import { hang, pause } from '../../waiting/abortable.js';
import { type PlayedAnswer, playedAnswer } from './played-answer.js';

/** One thing that the model does while it answers. */
export type ModelStep =
  | { readonly type: 'batch'; readonly batch: ChunkBatch }
  | { readonly type: 'silence'; readonly ms: number }
  | { readonly type: 'failure'; readonly error: unknown }
  /** Runs `action`, once everything before it was read. */
  | { readonly type: 'action'; readonly action: () => void | Promise<void> }
  /** Waits until the call is given up. */
  | { readonly type: 'hang' };

/** The behaviour of the model in a test, the same for every call. */
export interface ModelScript {
  /** Rejects the call. */
  readonly refusal?: unknown;
  /** Of a whole answer, every step but a batch counts. */
  steps?(answer: PlayedAnswer): readonly ModelStep[];
}

/** Every batch of an answer. */
export function allBatches(answer: PlayedAnswer): readonly ChunkBatch[] {
  return [...answer.opening, ...answer.text, ...answer.closing];
}

export function batchSteps(batches: readonly ChunkBatch[]): readonly ModelStep[] {
  return batches.map((batch) => ({ type: 'batch', batch }));
}

/** A model that answers each call as its script says, in the shape of the call's operation. */
export class ScriptedModel implements ModelInvoker {
  readonly calls: ModelCall[] = [];
  readonly #script: ModelScript;
  #isWaiting = false;

  constructor(script: ModelScript = {}) {
    this.#script = script;
  }

  /** Whether a call waits for the clock: in a silence, or until it is given up. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  async invoke(call: ModelCall): Promise<ModelAnswer> {
    const { answer, meta } = this.#accept(call);
    for (const step of this.#stepsOf(answer)) {
      if (step.type !== 'batch') await this.#play(step, call.signal);
    }
    return { body: answer.whole, contentType: 'application/json', meta };
  }

  async stream(call: ModelCall): Promise<ModelStream> {
    const { answer, meta } = this.#accept(call);
    return { contentType: 'application/json', meta, batches: this.#batches(this.#stepsOf(answer), call.signal) };
  }

  async *#batches(steps: readonly ModelStep[], signal: AbortSignal): AsyncGenerator<ChunkBatch> {
    for (const step of steps) {
      if (step.type === 'batch') yield step.batch;
      else await this.#play(step, signal);
    }
  }

  async #play(step: Exclude<ModelStep, { type: 'batch' }>, signal: AbortSignal): Promise<void> {
    this.#isWaiting = step.type === 'silence' || step.type === 'hang';
    try {
      await play(step, signal);
    } finally {
      this.#isWaiting = false;
    }
  }

  #accept(call: ModelCall): { readonly answer: PlayedAnswer; readonly meta: CallMeta } {
    this.calls.push(call);
    call.signal.throwIfAborted();
    if (this.#script.refusal !== undefined) throw this.#script.refusal;
    const headers = { 'x-amzn-requestid': 'of-bedrock' };
    return { answer: playedAnswer(call.operation), meta: { attempts: 1, upstreamRequestId: 'of-bedrock', headers } };
  }

  #stepsOf(answer: PlayedAnswer): readonly ModelStep[] {
    return this.#script.steps?.(answer) ?? batchSteps(allBatches(answer));
  }
}

async function play(step: Exclude<ModelStep, { type: 'batch' }>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  switch (step.type) {
    case 'silence':
      return pause(step.ms, signal);
    case 'hang':
      return hang(signal);
    case 'action':
      return step.action();
    case 'failure':
      throw step.error;
  }
}
