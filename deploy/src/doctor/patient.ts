/** The proxy that is examined, and what the examination may use. */
export interface Patient {
  readonly url: URL;
  /** A bearer token; without it only what needs none is examined. */
  readonly token?: string;
  /** A model that the token may use. */
  readonly modelId: string;
  /** The model's own request, without id and `stream`. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** The page for which CORS is examined. */
  readonly origin: string;
  /** Milliseconds to wait for the whole of one answer. */
  readonly timeoutMs: number;
}
