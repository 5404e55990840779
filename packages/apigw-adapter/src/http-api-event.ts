/** The fields of an HTTP API event that are read (payload format 2.0). Optional fields may be null or missing. */
export interface HttpApiEvent {
  readonly version: string;
  readonly rawPath: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
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
