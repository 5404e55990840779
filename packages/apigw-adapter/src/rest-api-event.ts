type HeaderMap<Value> = Readonly<Record<string, Value | undefined>> | null;

/** The fields of a REST API event that are read (payload format 1.0, Lambda proxy integration). Optional fields may be null or missing. */
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
    readonly identity?: { readonly sourceIp?: string | null } | null;
  };
}
