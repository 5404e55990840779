import type { LogCode } from '../errors/error-kinds.js';
import type { CallNotes } from '../ports/call-notes.js';
import type { ModelOperation, Usage } from '../ports/model-invoker.js';

/** The outcome of one request. Never a prompt, an answer or a header. */
export interface RequestRecord extends Usage, CallNotes {
  readonly requestId: string;
  /** The X-Ray trace of the invocation: `Root` of its header. */
  readonly traceId?: string;
  /** The admitted caller; null if nobody was admitted. */
  readonly principal: string | null;
  /** The team of the caller, as its policy names it. */
  readonly team?: string;
  readonly sourceIp: string | null;
  readonly front: string;
  /** The dialect of the path; absent if no dialect has it. */
  readonly dialect?: string;
  readonly operation?: ModelOperation;
  /** As the client named it. */
  readonly modelId?: string;
  /** The id that answered, if this name is an alias or a dialect's own name. Without an answer: the first that the name stands for. */
  readonly servedModelId?: string;
  /** The Region of the target that answered, if the model was asked for by an alias that names Regions. */
  readonly servedRegion?: string;
  /** Targets of an alias that failed; absent if none did. */
  readonly fallbacks?: number;
  readonly stream?: boolean;
  /** The HTTP status that went over the wire. A stream that fails after its head keeps 200. */
  readonly status: number;
  readonly code?: LogCode;
  /** The limit of this proxy that refused the call, such as `team.usdPerDay`. */
  readonly limit?: string;
  /** What the call cost, in US dollars, if its caller has limits and its model has a price. */
  readonly costUsd?: number;
  /** How a request for a stream ended; `none` for any other request, and if the reader left first. */
  readonly terminal: 'done' | 'error' | 'none';
  readonly durationMs: number;
  /** From the request to the first piece of text. */
  readonly firstTextMs?: number;
  /** The model's own word. */
  readonly stopReason?: string;
  /** What Bedrock's guardrail did: `INTERVENED` or `NONE`. */
  readonly guardrailAction?: string;
  /** The tier in which Bedrock served the call. */
  readonly serviceTier?: string;
  /** Requests sent to the model, retries included; 0 if none was sent. */
  readonly attempts: number;
  readonly upstreamRequestId?: string;
  readonly bytesOut: number;
}
