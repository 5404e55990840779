/** The settings of a function that its environment contains. */
export interface FunctionSettings {
  /** The folder of the unpacked bundle. */
  readonly bundle: string;
  readonly handler: string;
  readonly functionName: string;
  /** Megabytes. */
  readonly memorySize: number;
  readonly region: string;
  readonly timezone: string;
}

/** The environment that Lambda sets for the process of a function, with invalid credentials. */
export function lambdaEnvironment(settings: FunctionSettings, runtimeApi: string): Record<string, string> {
  const { bundle, handler, functionName, memorySize, region, timezone } = settings;
  return {
    PATH: process.env.PATH ?? '',
    LANG: 'en_US.UTF-8',
    TZ: timezone,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLEEXAMPLE00',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_SESSION_TOKEN: 'example',
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'sandbox/[$LATEST]0',
    AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
    LAMBDA_TASK_ROOT: bundle,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: handler,
  };
}
