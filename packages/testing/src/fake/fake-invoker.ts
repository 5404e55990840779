import type {
  ErrorCode,
  ModelAnswer,
  ModelCall,
  ModelInvoker,
  ModelStream,
  ProxyErrorOptions,
} from '@bedrock-proxy/core';
import { type JsonDocument, jsonBytes } from '../answers/json-bytes.js';
import { type RecordedCall, recordCall } from './recorded-call.js';
import { ReplyScript } from './reply-script.js';
import { scriptedBody } from './scripted-body.js';
import type { AnsweredCall, ScriptedCall } from './scripted-call.js';
import { scriptedRefusal, scriptedSilence } from './scripted-refusal.js';
import { scriptedReply } from './scripted-reply.js';

/**
 * A model that says what the test scripted: one reply a call, in order, whether it is invoked or streamed.
 * A call past the script rejects with a plain `Error`; an aborted call rejects, or throws, with the signal's reason.
 */
export class FakeInvoker implements ModelInvoker {
  readonly #script: ScriptedCall[] = [];
  readonly #calls: RecordedCall[] = [];

  /** Every call so far, in the order in which they came. */
  get calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  /** Says the pieces, each in a batch of its own, and ends well. */
  replyText(...pieces: readonly string[]): this {
    return this.reply((answer) => answer.text(...pieces));
  }

  /** An answer with more to it: `reply((answer) => answer.text('Hel').pause(500).failWith('upstream_error'))`. */
  reply(write: (answer: ReplyScript) => unknown): this {
    const script = new ReplyScript();
    write(script);
    return this.#append(scriptedReply(script.read()));
  }

  /** Streams JSON documents as they are, an array of them as one batch, with no end marker added. For `stream` only. */
  replyChunks(...batches: readonly (JsonDocument | readonly JsonDocument[])[]): this {
    return this.reply((answer) => answer.chunks(...batches));
  }

  /** Answers with these very bytes; as a stream they are one chunk. */
  replyBody(body: JsonDocument, options: { readonly contentType?: string } = {}): this {
    return this.#append(scriptedBody(jsonBytes(body), options.contentType ?? 'application/json'));
  }

  /** Refuses before anything is said. `meta` says one attempt unless the options say otherwise. */
  failWith(code: ErrorCode, options: ProxyErrorOptions = {}): this {
    return this.#append(scriptedRefusal(code, options));
  }

  /** Neither takes nor refuses the call, until it is given up. */
  hang(): this {
    return this.#append(scriptedSilence());
  }

  /** Throws a plain `Error` unless exactly the scripted calls were made: for the end of a test. */
  assertExhausted(): void {
    if (this.#calls.length === this.#script.length) return;
    throw new Error(`FakeInvoker: ${this.#script.length} calls were scripted, and ${this.#calls.length} came.`);
  }

  async invoke(call: ModelCall): Promise<ModelAnswer> {
    const [scripted, answered] = this.#take('invoke', call);
    return scripted.invoke(answered);
  }

  async stream(call: ModelCall): Promise<ModelStream> {
    const [scripted, answered] = this.#take('stream', call);
    return scripted.stream(answered);
  }

  #append(scripted: ScriptedCall): this {
    this.#script.push(scripted);
    return this;
  }

  #take(kind: RecordedCall['kind'], call: ModelCall): [ScriptedCall, AnsweredCall] {
    const { recorded, end } = recordCall(kind, call);
    const count = this.#calls.push(recorded);
    const scripted = this.#script[count - 1];
    if (scripted === undefined) {
      const written = this.#script.length;
      throw new Error(
        `FakeInvoker: call ${count} came, ${kind} of ${call.modelId}, but the script holds ${written}. ` +
          'Script a reply for it (replyText, reply, failWith, …), or find out why it is made.',
      );
    }
    call.signal.throwIfAborted();
    return [scripted, { signal: call.signal, meta: { attempts: 1, upstreamRequestId: `fake-${count}` }, end }];
  }
}
