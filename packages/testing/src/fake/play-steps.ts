import { type ChunkBatch, ProxyError } from '@bedrock-proxy/core';
import { abortable, hang, pause } from '../waiting/abortable.js';
import type { AnsweredCall } from './recorded-call.js';
import type { PlayedStep } from './render-reply.js';
import type { SilentStep } from './reply-script.js';

/** Plays a stream: gives the chunks, and waits or fails between them. */
export async function* playSteps(steps: readonly PlayedStep[], call: AnsweredCall): AsyncGenerator<ChunkBatch> {
  const last = steps.at(-1);
  for (const step of steps) {
    call.signal.throwIfAborted();
    if (step.type === 'break-off') break;
    if (step.type === 'chunks') {
      if (step === last) call.end();
      yield { chunks: step.chunks };
    } else {
      await playSilence(step, call);
    }
  }
  call.end();
}

/** Plays a step that gives nothing: it waits or fails. */
export async function playSilence(step: SilentStep, call: AnsweredCall): Promise<void> {
  switch (step.type) {
    case 'pause':
      return pause(step.ms, call.signal);
    case 'wait':
      return abortable<void>(call.signal, (resolve) => {
        const settle = () => resolve();
        step.until.then(settle, settle);
        return undefined;
      });
    case 'hang':
      return hang(call.signal);
    case 'failure':
      call.end();
      throw new ProxyError(step.code, { meta: call.meta, ...step.options });
    case 'break-off':
      call.end();
      throw new ProxyError('upstream_truncated', { meta: call.meta });
  }
}
