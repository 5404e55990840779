type HeaderMap<Value> = Readonly<Record<string, Value | undefined>> | null;

/** What is read of a REST API's event (payload format 1.0, Lambda proxy integration). Any member may be null or missing. */
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

/** What is read of an HTTP API's event (payload format 2.0). */
export interface HttpApiEvent {
  readonly version: string;
  readonly rawPath: string;
  readonly headers?: HeaderMap<string>;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly stage?: string | null;
    readonly http: {
      readonly method: string;
      readonly sourceIp?: string | null;
    };
  };
}
