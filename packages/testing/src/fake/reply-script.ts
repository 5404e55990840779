import type { ErrorCode, ProxyErrorOptions, StopReason, Usage } from '@bedrock-proxy/core';
import { type AnswerBlock, inputPieces } from '../answers/block-answer-format.js';
import { type ConverseContent, converseBlock } from '../answers/converse-answer.js';
import type { JsonDocument } from '../answers/json-bytes.js';

/** One thing that the fake does while it answers. */
export type ReplyStep =
  /** A block, or the next part of the text block before it. */
  | { readonly type: 'content'; readonly block: AnswerBlock; readonly isNew: boolean }
  | { readonly type: 'chunks'; readonly batch: readonly JsonDocument[] }
  | SilentStep;

/** A step that gives nothing. */
export type SilentStep =
  | { readonly type: 'pause'; readonly ms: number }
  | { readonly type: 'wait'; readonly until: Promise<unknown> }
  | { readonly type: 'failure'; readonly code: ErrorCode; readonly options: ProxyErrorOptions }
  | { readonly type: 'break-off' }
  | { readonly type: 'hang' };

/** A tool call of a scripted answer. */
export interface ScriptedToolCall {
  /** `call-1`, `call-2` and so on by default. */
  readonly id?: string;
  readonly name: string;
  /** An object, or JSON as a string, which may break off. */
  readonly input: object | string;
}

/** A whole answer of the Converse API. */
export interface ConverseReply {
  readonly content: readonly ConverseContent[];
  /** In Converse's words. By default `tool_use` if the content has a tool call, otherwise `end_turn`. */
  readonly stopReason?: string;
  /** By default ten input tokens, and one output token for each block. */
  readonly usage?: Usage;
}

/** The script as written so far, for the fake alone: it is no member, so that it stays out of the public type. */
export let readScript: (script: ReplyScript) => WrittenReply;

/**
 * One answer of the fake, written step by step. It has the shape of the call's operation: Claude's messages API for `invoke-model`, the
 * Converse API for `converse`. In a stream, each piece of content has a batch of its own.
 */
export class ReplyScript {
  readonly #steps: ReplyStep[] = [];
  #isBare = false;
  #lastPart: 'text' | 'citation' | 'other' = 'other';
  #toolCalls = 0;
  #acceptedAfterMs = 0;
  #stopReason: StopReason | undefined;
  #usage: Usage | undefined;

  /** Adds text, one delta for each piece. `text('')` begins the answer without a delta. */
  text(...pieces: readonly string[]): this {
    for (const piece of pieces) {
      this.#add({ type: 'text', pieces: piece === '' ? [] : [piece] }, this.#lastPart !== 'text');
      this.#lastPart = 'text';
    }
    return this;
  }

  /** Adds a citation, in the model's own shape, to the text before it. Text after it is a new block. */
  citation(value: object): this {
    this.#add({ type: 'text', pieces: [], citations: [value] }, this.#lastPart === 'other');
    this.#lastPart = 'citation';
    return this;
  }

  /** Adds a block of reasoning. */
  reasoning(text: string, options: { readonly signature?: string } = {}): this {
    return this.#addBlock({ type: 'thinking', pieces: [text], ...options });
  }

  /** Adds a block of reasoning that the model encrypted, in base64. */
  redactedReasoning(data: string): this {
    return this.#addBlock({ type: 'redacted', pieces: [], data });
  }

  /** Adds a tool call. */
  toolCall({ id, name, input }: ScriptedToolCall): this {
    this.#toolCalls += 1;
    const pieces = typeof input === 'string' ? [input] : inputPieces(input);
    return this.#addBlock({ type: 'tool', pieces, id: id ?? `call-${this.#toolCalls}`, name });
  }

  /**
   * Sends JSON documents as they are, an array of them as one batch. Nothing is added before or after them, and a script has either
   * chunks or content. For a `converse` call, each document is an object with one member: the type of an event and its payload.
   */
  chunks(...batches: readonly (JsonDocument | readonly JsonDocument[])[]): this {
    this.#isBare = true;
    for (const each of batches) {
      const batch: readonly JsonDocument[] = Array.isArray(each) ? each : [each];
      if (batch.length === 0) throw new Error('A batch of chunks is never empty.');
      this.#steps.push({ type: 'chunks', batch });
    }
    return this;
  }

  /** Sends nothing for `ms` milliseconds of the global timer. */
  pause(ms: number): this {
    this.#steps.push({ type: 'pause', ms });
    return this;
  }

  /** Sends nothing until the promise settles. */
  waitFor(until: Promise<unknown>): this {
    this.#steps.push({ type: 'wait', until });
    return this;
  }

  /** Accepts the call after `ms` milliseconds. Until then, `stream` does not resolve. */
  acceptAfter(ms: number): this {
    this.#acceptedAfterMs = ms;
    return this;
  }

  /** Why the model stops. By default `tool` if the script has a tool call, otherwise `stop`. */
  stopReason(reason: StopReason): this {
    this.#stopReason = reason;
    return this;
  }

  /** The usage that the model reports. By default ten input tokens, and one output token for each piece of content. */
  usage(usage: Usage): this {
    this.#usage = usage;
    return this;
  }

  /** Fails here. The steps before it are played, and those after it are not. */
  failWith(code: ErrorCode, options: ProxyErrorOptions = {}): this {
    this.#steps.push({ type: 'failure', code, options });
    return this;
  }

  /** Ends the stream here without an end marker, as a cut connection does. A whole answer fails with `upstream_truncated`. */
  breakOff(): this {
    this.#steps.push({ type: 'break-off' });
    return this;
  }

  /** Sends nothing more until the call is given up. */
  hang(): this {
    this.#steps.push({ type: 'hang' });
    return this;
  }

  static {
    readScript = (script) => script.#read();
  }

  #read(): WrittenReply {
    const pieces = this.#steps.filter(({ type }) => type === 'content').length;
    if (this.#isBare && pieces > 0) throw new Error('A scripted reply has either content or chunks(), not both.');
    return {
      steps: [...this.#steps],
      isBare: this.#isBare,
      acceptedAfterMs: this.#acceptedAfterMs,
      stopReason: this.#stopReason ?? (this.#toolCalls > 0 ? 'tool' : 'stop'),
      usage: this.#usage ?? { inputTokens: 10, outputTokens: pieces },
    };
  }

  #addBlock(block: AnswerBlock): this {
    this.#lastPart = 'other';
    return this.#add(block, true);
  }

  #add(block: AnswerBlock, isNew: boolean): this {
    this.#steps.push({ type: 'content', block, isNew });
    return this;
  }
}

/** A script that is ready to be played. */
export interface WrittenReply {
  readonly steps: readonly ReplyStep[];
  /** Whether its chunks are sent as they are. */
  readonly isBare: boolean;
  readonly acceptedAfterMs: number;
  readonly stopReason: StopReason;
  readonly usage: Usage;
  /** Set for a reply that answers `converse` only: the stop reason in Converse's words. */
  readonly converseStopReason?: string;
}

/** The script of a whole Converse answer. */
export function writeConverseReply({ content, stopReason, usage }: ConverseReply): WrittenReply {
  const callsTool = content.some((block) => 'toolUse' in block);
  return {
    steps: content.map((block) => ({ type: 'content', block: converseBlock(block), isNew: true })),
    isBare: false,
    acceptedAfterMs: 0,
    stopReason: callsTool ? 'tool' : 'stop',
    usage: usage ?? { inputTokens: 10, outputTokens: content.length },
    converseStopReason: stopReason ?? (callsTool ? 'tool_use' : 'end_turn'),
  };
}
