/** The name, the memory size and the Region of a function. */
export interface FunctionIdentity {
  readonly functionName: string;
  /** Megabytes. */
  readonly memorySize: number;
  readonly region: string;
}

/** The context object of an invocation, with the members of Lambda's runtime for Node 24. */
export interface LambdaContext {
  readonly clientContext: undefined;
  readonly identity: undefined;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  readonly tenantId: undefined;
  readonly xRayTraceId: undefined;
  getRemainingTimeInMillis(): number;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export function createLambdaContext(identity: FunctionIdentity, requestId: string, deadlineMs: number): LambdaContext {
  const { functionName, memorySize, region } = identity;
  const deadline = Date.now() + deadlineMs;
  return {
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: `arn:aws:lambda:${region}:123456789012:function:${functionName}`,
    awsRequestId: requestId,
    tenantId: undefined,
    xRayTraceId: undefined,
    getRemainingTimeInMillis: () => deadline - Date.now(),
    functionName,
    functionVersion: '$LATEST',
    memoryLimitInMB: String(memorySize),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local/[$LATEST]0',
  };
}
