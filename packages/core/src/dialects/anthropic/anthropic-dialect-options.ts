export interface AnthropicDialectOptions {
  /**
   * The betas that are passed to Bedrock, as globs, in place of the dialect's own table; `*` passes all, and `old=new` renames one.
   */
  readonly betas?: readonly string[];
  /** Betas that are never passed, as globs. */
  readonly betasDeny?: readonly string[];
  /** The top-level members that are not sent to Bedrock. `context_management`, `service_tier` and `speed` by default. */
  readonly dropFields?: readonly string[];
  /** The inference profile that a name such as `claude-sonnet-5` stands for: `us`, `eu`, `global` … or `none`. */
  readonly inferencePrefix?: string;
  /** The Region of Bedrock. In the United States and in Europe it gives the prefix if there is none. */
  readonly region?: string;
}
