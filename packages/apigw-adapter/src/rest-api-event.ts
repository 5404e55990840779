type HeaderMap<Value> = Readonly<Record<string, Value | undefined>> | null;

/**
 * The fields of a REST API event that are read (Lambda proxy integration). Optional fields may be null or missing. An HTTP API with payload
 * format 1.0 sends the same fields. Only there, `resource` may be `$default`, and `path` then begins with the stage.
 */
export interface RestApiEvent {
  readonly httpMethod: string;
  readonly resource: string;
  readonly path: string;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly headers?: HeaderMap<string>;
  readonly multiValueHeaders?: HeaderMap<readonly string[]>;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly stage?: string | null;
    readonly identity?: { readonly sourceIp?: string | null } | null;
  };
}
