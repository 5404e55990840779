import type { BufferedInvocation, StreamedInvocation } from '../invoke.js';
import type { AnswerHead, FrontAnswer } from './front-answer.js';
import type { FrontRequest } from './front-request.js';
import type { HeaderRewriting } from './rewrite-headers.js';

/** What sets one front apart from the others: its event, its reading of results, its own answers. */
export interface Gateway {
  readonly maxBodyBytes: number;
  /** Where it is given, a client gets `timedOut` after so many milliseconds; the function runs on. */
  readonly integrationTimeoutMs?: number;
  /** The event for a request, or the gateway's own answer where no route leads to the function. */
  route(request: FrontRequest, requestId: string): { readonly event: unknown } | { readonly refusal: FrontAnswer };
  /** Reads a result; `undefined` where it is malformed. */
  readBuffered(result: BufferedInvocation, request: FrontRequest): FrontAnswer | undefined;
  /** Reads a head; `undefined` where it is malformed. A whole answer is given where this gateway does not stream. */
  readStreamed(result: StreamedInvocation): AnswerHead | FrontAnswer | undefined;
  readonly rewrite: HeaderRewriting;
  /** The header that names the request to the client. */
  readonly requestIdHeader: string;
  readonly tooLarge: FrontAnswer;
  readonly malformed: FrontAnswer;
  readonly failed: FrontAnswer;
  readonly timedOut: FrontAnswer;
}
