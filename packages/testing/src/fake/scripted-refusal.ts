import { type ErrorCode, ProxyError, type ProxyErrorOptions } from '@bedrock-proxy/core';
import { hang } from '../waiting/abortable.js';
import type { AnsweredCall, ScriptedCall } from './scripted-call.js';

/** A call that the model refuses before it says anything. */
export function scriptedRefusal(code: ErrorCode, options: ProxyErrorOptions): ScriptedCall {
  const refuse = async (call: AnsweredCall): Promise<never> => {
    call.end();
    throw new ProxyError(code, { meta: call.meta, ...options });
  };
  return { invoke: refuse, stream: refuse };
}

/** A call that is never answered, neither taken nor refused. */
export function scriptedSilence(): ScriptedCall {
  return { invoke: (call) => hang(call.signal), stream: (call) => hang(call.signal) };
}
