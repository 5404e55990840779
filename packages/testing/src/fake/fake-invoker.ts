import type {
  ErrorCode,
  ModelAnswer,
  ModelCall,
  ModelInvoker,
  ModelStream,
  ProxyErrorOptions,
} from '@bedrock-proxy/core';
import { type JsonDocument, jsonBytes } from '../answers/json-bytes.js';
import { type AnsweredCall, type RecordedCall, recordCall } from './recorded-call.js';
import { type ConverseReply, ReplyScript, readScript, writeConverseReply } from './reply-script.js';
import {
  type ScriptedCall,
  scriptedBody,
  scriptedRefusal,
  scriptedReply,
  scriptedSilence,
  scriptedTokenCount,
} from './scripted-call.js';

/**
 * A model that answers with the replies of a test: one reply for each call, in order. The reply has the shape of the call's operation,
 * and is whole or streamed as the call asks. A call without a reply, or with a reply that does not fit it, rejects with a plain `Error`.
 * An aborted call rejects, or throws, with the signal's reason.
 */
export class FakeInvoker implements ModelInvoker {
  readonly #script: ScriptedCall[] = [];
  readonly #calls: RecordedCall[] = [];

  /** Every call so far, in order. */
  get calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  /** Answers with text. In a stream, each piece has a batch of its own. */
  replyText(...pieces: readonly string[]): this {
    return this.reply((answer) => answer.text(...pieces));
  }

  /** Answers as written, for example `reply((answer) => answer.text('Hel').pause(500).failWith('upstream_error'))`. */
  reply(write: (answer: ReplyScript) => unknown): this {
    const script = new ReplyScript();
    write(script);
    return this.#append(scriptedReply(readScript(script)));
  }

  /** Answers a `converse` call with these content blocks. In a stream, each piece of content has a batch of its own. */
  replyConverse(reply: ConverseReply): this {
    return this.#append(scriptedReply(writeConverseReply(reply)));
  }

  /** Answers a `count-tokens` call. */
  replyTokenCount(inputTokens: number): this {
    return this.#append(scriptedTokenCount(inputTokens));
  }

  /**
   * Streams JSON documents as they are, an array of them as one batch, and adds no end marker. For a `converse` call, each document is
   * an object with one member: the type of an event and its payload.
   */
  replyChunks(...batches: readonly (JsonDocument | readonly JsonDocument[])[]): this {
    return this.reply((answer) => answer.chunks(...batches));
  }

  /** Answers with exactly these bytes. A stream of `invoke-model` gives them as one chunk. */
  replyBody(body: JsonDocument, options: { readonly contentType?: string } = {}): this {
    return this.#append(scriptedBody(jsonBytes(body), options.contentType ?? 'application/json'));
  }

  /** Refuses the call. `meta` has one attempt unless the options have another `meta`. */
  failWith(code: ErrorCode, options: ProxyErrorOptions = {}): this {
    return this.#append(scriptedRefusal(code, options));
  }

  /** Neither accepts nor refuses the call until it is given up. */
  hang(): this {
    return this.#append(scriptedSilence());
  }

  /** Throws a plain `Error` unless each reply was used and no other call came. For the end of a test. */
  assertExhausted(): void {
    if (this.#calls.length === this.#script.length) return;
    const scripted = this.#script.length === 1 ? '1 call was' : `${this.#script.length} calls were`;
    throw new Error(`FakeInvoker: ${scripted} scripted, ${this.#calls.length || 'none'} came.`);
  }

  async invoke(call: ModelCall): Promise<ModelAnswer> {
    const [scripted, answered] = this.#take('invoke', call);
    return scripted.invoke(answered);
  }

  async stream(call: ModelCall): Promise<ModelStream> {
    if (call.operation === 'count-tokens') throw new TypeError('count-tokens cannot be streamed. Call invoke.');
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
        `FakeInvoker: call ${count} is ${kind} of ${call.modelId}, and the script has ${written} replies. ` +
          'Script a reply for this call (replyText, reply, failWith, …), or find out why the code makes it.',
      );
    }
    call.signal.throwIfAborted();
    const { operation, signal } = call;
    return [scripted, { operation, signal, meta: { attempts: 1, upstreamRequestId: `fake-${count}` }, end }];
  }
}
