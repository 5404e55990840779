/** An API of the proxy. */
export const dialects = ['native', 'openai', 'anthropic', 'bedrock'] as const;

export type Dialect = (typeof dialects)[number];

/** The deployed proxy to check, and the options of the checks. */
export interface Deployment {
  readonly url: URL;
  /** A bearer token. Without it, the checks that need a token are skipped. */
  readonly token?: string;
  /** A model that the token is allowed to use, or an alias. */
  readonly modelId: string;
  /** The API whose stream is checked. */
  readonly dialect: Dialect;
  /** The request body without `modelId` and `stream`. Absent if the model is an alias, and the body is not known yet. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** The origin that the CORS check sends. */
  readonly origin: string;
  /** The longest time for one whole response. */
  readonly timeoutMs: number;
}

/** A deployment of which a model can be asked. */
export type ModelDeployment = Deployment & Required<Pick<Deployment, 'payload'>>;
