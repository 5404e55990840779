import {
  type ChunkBatch,
  type ErrorCode,
  type ModelAnswer,
  type ModelStream,
  ProxyError,
  type ProxyErrorOptions,
} from '@bedrock-proxy/core';
import { jsonBytes } from '../answers/json-bytes.js';
import { hang, pause } from '../waiting/abortable.js';
import { playSilence, playSteps } from './play-steps.js';
import type { AnsweredCall } from './recorded-call.js';
import { type AnswerOperation, renderSteps, renderWhole } from './render-reply.js';
import type { WrittenReply } from './reply-script.js';

/** The script of one call. Both methods reject with a plain `Error` if the script does not fit the operation. */
export interface ScriptedCall {
  invoke(call: AnsweredCall): Promise<ModelAnswer>;
  stream(call: AnsweredCall): Promise<ModelStream>;
}

const json = 'application/json';

/** A call that is answered as written. */
export function scriptedReply(reply: WrittenReply): ScriptedCall {
  const accept = async ({ operation, signal }: AnsweredCall): Promise<AnswerOperation> => {
    if (operation === 'count-tokens') throw mismatch('a reply with content', operation, 'replyTokenCount');
    if (reply.converseStopReason !== undefined && operation !== 'converse') {
      throw mismatch('replyConverse', operation, 'reply');
    }
    if (reply.acceptedAfterMs > 0) await pause(reply.acceptedAfterMs, signal);
    return operation;
  };
  return {
    async invoke(call) {
      if (reply.isBare) throw new Error('FakeInvoker: chunks can only be streamed. For invoke, script a replyBody().');
      const operation = await accept(call);
      for (const step of reply.steps) {
        if (step.type !== 'content' && step.type !== 'chunks') await playSilence(step, call);
      }
      call.end();
      return { body: renderWhole(reply, operation), contentType: json, meta: call.meta };
    },

    async stream(call) {
      const steps = renderSteps(reply, await accept(call));
      return { contentType: json, meta: call.meta, batches: playSteps(steps, call) };
    },
  };
}

/** A call that is answered with these bytes. As a stream of `invoke-model`, they are one chunk. */
export function scriptedBody(body: Uint8Array, contentType: string): ScriptedCall {
  return {
    async invoke(call) {
      call.end();
      return { body: body.slice(), contentType, meta: call.meta };
    },

    async stream(call) {
      if (call.operation !== 'invoke-model') throw mismatch('a body', `a stream of ${call.operation}`, 'replyChunks');
      async function* batches(): AsyncGenerator<ChunkBatch> {
        call.signal.throwIfAborted();
        call.end();
        yield { chunks: [{ bytes: body.slice() }] };
      }
      return { contentType, meta: call.meta, batches: batches() };
    },
  };
}

/** A call of `count-tokens` that is answered with a number. */
export function scriptedTokenCount(inputTokens: number): ScriptedCall {
  const refuse = async ({ operation }: AnsweredCall) => {
    throw mismatch('replyTokenCount', operation, 'reply');
  };
  return {
    async invoke(call) {
      if (call.operation !== 'count-tokens') return refuse(call);
      call.end();
      return { body: jsonBytes({ inputTokens }), contentType: json, meta: call.meta };
    },
    stream: refuse,
  };
}

/** A call that the model refuses. */
export function scriptedRefusal(code: ErrorCode, options: ProxyErrorOptions): ScriptedCall {
  const refuse = async (call: AnsweredCall): Promise<never> => {
    call.end();
    throw new ProxyError(code, { meta: call.meta, ...options });
  };
  return { invoke: refuse, stream: refuse };
}

/** A call that the model neither accepts nor refuses. */
export function scriptedSilence(): ScriptedCall {
  return { invoke: (call) => hang(call.signal), stream: (call) => hang(call.signal) };
}

function mismatch(reply: string, operation: string, fitting: string): Error {
  return new Error(`FakeInvoker: ${reply} cannot answer ${operation}. Script a ${fitting}().`);
}
