import { type LambdaSandbox, readStreamedText } from '@bedrock-proxy/testing/lambda';

/** The answer that a gateway would send to the client. */
export interface InvokedAnswer {
  readonly requestId: string;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Invokes a function with an unchanged event, without a gateway. */
export async function invokeBundle(sandbox: LambdaSandbox, event: unknown): Promise<InvokedAnswer> {
  const result = await sandbox.invoke(event);
  if (result.mode === 'buffered') return { ...(result.payload as InvokedAnswer), requestId: result.requestId };
  const text = await readStreamedText(result);
  const { statusCode = 0, headers = {} } = result.prelude ?? {};
  return { statusCode, headers, body: text, requestId: result.requestId };
}
