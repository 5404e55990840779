import type { ProxyError, Rate, RequestIssue } from '../errors/proxy-error.js';
import type { CallNotes } from '../ports/call-notes.js';
import type { CallMeta, InvokeModelOptions, ModelAnswer, ModelOperation } from '../ports/model-invoker.js';
import type { TopLevelMember } from '../request/json-scan.js';
import type { ModelAlias } from '../routing/model-alias.js';
import type { EventBatch } from '../stream/open-stream.js';

/** Header values by lower-case name, each as it was sent: two headers of one name are two values. */
export type HttpHeaders = Readonly<Record<string, readonly string[]>>;

/** A request without its body. */
export interface RequestHead {
  readonly method: string;
  /** Without stage and base path. */
  readonly path: string;
  /** As sent, without the `?`; empty if there is none. */
  readonly query: string;
  readonly headers: HttpHeaders;
}

/** The head of a request whose caller was admitted. */
export interface AdmittedHead extends RequestHead, ClientSettings {
  /** The id of this request, for a header or a body of the dialect. */
  readonly requestId: string;
}

/**
 * Bedrock's own settings of a call (guardrail, trace, tier, latency, metadata) as far as a request brings them, judged by what its caller
 * may set.
 */
export interface ClientSettings {
  /** Settings in the headers that this caller may not set. A codec reports them together with what is wrong in the body. */
  readonly issues: readonly RequestIssue[];
  /** Settings in the headers that this caller may set. A codec gives them to its call. */
  readonly options?: InvokeModelOptions;
  /** Whether `judge` reads top-level members of this key. A codec that reads a body keeps them. */
  isSetting(key: string): boolean;
  /**
   * The settings in a body that this caller may not set. A codec reports them together with the issues of the headers. It passes the
   * members of the client's own body, or the bytes, which are then read here: throws `invalid_json` if they cannot be read and might
   * contain a setting. If a codec does not ask, the proxy judges the bodies that the codec makes.
   */
  judge(body: Uint8Array | readonly TopLevelMember[], operation: ModelOperation): readonly RequestIssue[];
}

/** An answer that is complete. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** For the log. */
  readonly notes?: CallNotes;
}

/**
 * How a client speaks: the paths, requests, answers and errors of one API. A dialect owns routes, statuses and bytes. The proxy owns
 * the order of checks, credentials, policy, limits, time, the end of an answer and the log.
 */
export interface Dialect {
  /** For the log, such as `native`. */
  readonly name: string;
  /** The paths that may belong to this dialect: it is asked for a route only if this matches. By default it is asked for every path. */
  readonly paths?: RegExp;
  /**
   * The route of a request; undefined if the path belongs to another dialect. Throws a `ProxyError` (`not_found`, `method_not_allowed`)
   * for a path of its own that it does not serve.
   */
  route(head: RequestHead): Route | undefined;
  /** The answer for a failure before the head of an answer was sent. What it takes to word one can be loaded here. */
  refuse(error: ProxyError, requestId: string): PlainAnswer | Promise<PlainAnswer>;
  /** The headers in which clients of this API read what is left of their limits. By default `x-ratelimit-remaining-requests` and so on. */
  readonly rateForm?: RateForm;
}

/** How an API names what is left of a limit per minute. */
export interface RateForm {
  /** The name of a header. */
  name(of: Rate['of'], part: 'limit' | 'remaining' | 'reset'): string;
  /** The value of `reset`. */
  reset(ms: number): string;
}

/** What a path leads to. */
export type Route =
  /** A call of a model. `load` runs for every request: keep the codec after the first. */
  | { readonly kind: 'model'; load(): Codec | Promise<Codec> }
  /** A list of models. The caller is authenticated; no limit applies. */
  | {
      readonly kind: 'list';
      answer(catalog: ModelCatalog, permitsModel: PermitsModel, requestId: string): PlainAnswer | Promise<PlainAnswer>;
    };

/** Whether the caller may use a model, under the alias by which it was asked for. */
export type PermitsModel = (modelId: string, alias?: string) => boolean;

/** The models that a proxy lists. */
export interface ModelCatalog {
  /** The model ids behind each alias. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly modelIds: readonly string[];
}

/** The part of a dialect that is loaded at its first use. */
export interface Codec {
  /** `x-amzn-bedrock-*` request headers that clients of this API send and that set nothing. */
  readonly ignoredHeaders?: readonly string[];
  /** Reads a request. Throws a `ProxyError` for one that is no call of a model. */
  parse(body: Uint8Array, head: AdmittedHead): ParsedCall;
}

/** The model that a call was resolved to. */
export interface ResolvedModel {
  readonly id: string;
  /** The name of the alias by which it was asked for. */
  readonly alias?: string;
  /** What the operator set for that alias. */
  readonly settings?: Omit<ModelAlias, 'targets'>;
}

/** One request of a client, read. */
export interface ParsedCall {
  readonly operation: ModelOperation;
  /** The model as the client named it. */
  readonly modelId: string;
  readonly stream: boolean;
  /** The Bedrock id for a name of this dialect, if no alias has that name. Throws a `ProxyError` for a name that it does not know. */
  idOf?(name: string): string;
  /**
   * The bodies to send, once the model is permitted. A stream has one. Of several, up to 8 are sent at once, and the first failure is
   * the answer. A `PlainAnswer` answers without a call.
   */
  bodies(model: ResolvedModel): readonly Uint8Array[] | PlainAnswer;
  /** Settings of Bedrock that the client chose and may choose. */
  readonly options?: InvokeModelOptions;
  /** Milliseconds that a whole answer may take; by default only the deadline applies. */
  readonly timeoutMs?: number;
  /** The id to call, if the operation does not take the resolved one. */
  askedAs?(id: string): string;
  /**
   * Whether a stream may have any shape: no answer is then refused for its shape or its stop reason, and deltas are not parsed once there is
   * text. For encoders that pass frames on.
   */
  readonly anyShape?: boolean;
  /** Headers of the answer, streamed or not. Read after `bodies`, which may change them. */
  readonly answerHeaders?: Readonly<Record<string, string>>;
  /** For the log. Read when the request was parsed, and again after `bodies`, which may change them. */
  readonly notes?: CallNotes;
  /** The answer, made of the model's answers in the order of `bodies`. `served` is the id of the model that answered. */
  whole(
    answers: readonly ModelAnswer[],
    served: string,
  ): { headers: Record<string, string>; body: string | Uint8Array };
  /**
   * Makes the bytes of a streamed answer. `served` and `meta` may be called from the first batch on; `meta` gives the facts of Bedrock's
   * response.
   */
  encoder(front: FrontKind, served: () => string, meta: () => CallMeta | undefined): StreamEncoder;
  /**
   * A second way, after a failure before the head: another call, or an answer without one. Asked once. The second call has the same
   * model, reservation and deadline.
   */
  recover?(error: ProxyError): ParsedCall | PlainAnswer | undefined;
}

/** Whether a front sends an answer piece by piece, or in one piece. */
export type FrontKind = 'streaming' | 'buffered';

/** Makes the bytes of one streamed answer. It is told how the stream ended, once; it decides nothing. */
export interface StreamEncoder {
  /** Read when the head is sent: after the first batch if `waitsForFirst`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the head waits for the first batch, however long that takes: the encoder has nothing to write before. */
  readonly waitsForFirst: boolean;
  /**
   * How a failure after the first batch is answered by a front that sends one piece. `refuse`: by the dialect's plain error. `append`:
   * by the body so far and `fail()`, under the error's status or 200.
   */
  readonly onBufferedFailure: 'refuse' | { readonly append: 'error-status' | 200 };
  /** The opening of the answer. Here and below, an empty piece is not written. */
  open(): Piece;
  batch(batch: EventBatch): Piece;
  /** Keeps a silent connection alive. */
  ping(): Piece;
  /** Shows that the answer is whole. */
  end(): Piece;
  /** Shows that the answer is not whole, and why. */
  fail(error: ProxyError, requestId: string): Piece;
}

/** Text, or bytes. */
export type Piece = string | Uint8Array;
