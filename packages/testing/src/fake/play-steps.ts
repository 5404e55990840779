import { type ChunkBatch, ProxyError } from '@bedrock-proxy/core';
import { abortable, hang, pause } from '../waiting/abortable.js';
import type { ReplyStep } from './reply-script.js';
import type { AnsweredCall } from './scripted-call.js';

/** A step whose text has become chunks. */
export type PlayedStep = Exclude<ReplyStep, { type: 'text' }>;

/** Plays a stream: gives the chunks, and between them waits or fails as the steps say. */
export async function* playSteps(steps: readonly PlayedStep[], call: AnsweredCall): AsyncGenerator<ChunkBatch> {
  const last = steps.at(-1);
  for (const step of steps) {
    call.signal.throwIfAborted();
    if (step.type === 'break-off') break;
    if (step.type === 'chunks') {
      if (step === last) call.end();
      yield { chunks: step.batch.map((bytes) => ({ bytes })) };
    } else {
      await playSilence(step, call);
    }
  }
  call.end();
}

/** Plays a step that gives nothing: it takes its time, or it fails. */
export async function playSilence(step: Exclude<PlayedStep, { type: 'chunks' }>, call: AnsweredCall): Promise<void> {
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
