import type { CallMeta, ModelAnswer, ModelStream } from '@bedrock-proxy/core';

/** What a script needs of the call that it answers. */
export interface AnsweredCall {
  readonly signal: AbortSignal;
  readonly meta: CallMeta;
  /** To be called just before the last thing is given: an abort after it gives nothing up. */
  end(): void;
}

/** The scripted way in which one call goes, whichever way it is called. */
export interface ScriptedCall {
  invoke(call: AnsweredCall): Promise<ModelAnswer>;
  stream(call: AnsweredCall): Promise<ModelStream>;
}
