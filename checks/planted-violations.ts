/** An import that a rule must refuse: the file that gets it, and the imported specifier. */
export interface PlantedViolation {
  readonly rule: string;
  /** From the root of the workspace. The file is created in a copy. */
  readonly file: string;
  /** A specifier, or the whole text of the file. */
  readonly imports: string | { readonly source: string };
  /** Other files that the violation needs, with their text. */
  readonly beside?: Readonly<Record<string, string>>;
}

const core = 'packages/core/src';
const planted = 'planted-violation';

/** One violation for each rule of arrows.mjs. */
export const plantedViolations: readonly PlantedViolation[] = [
  {
    rule: 'nothing-in-a-circle',
    file: `${core}/models/${planted}-circle.ts`,
    imports: './planted-other.js',
    beside: { [`${core}/models/planted-other.ts`]: `export * from './${planted}-circle.js';\n` },
  },
  { rule: 'nothing-unresolved', file: `${core}/models/${planted}-lost.ts`, imports: './is-not-here.js' },
  {
    rule: 'only-declared-dependencies',
    file: `packages/testing/src/${planted}-dependency.ts`,
    imports: '@aws-sdk/client-bedrock-runtime',
  },
  { rule: 'sources-know-no-tests', file: `${core}/models/${planted}-test.ts`, imports: './model-id.test.js' },
  {
    rule: 'core-knows-no-other-package',
    file: `${core}/models/${planted}-package.ts`,
    imports: '../../../testing/src/index.js',
  },
  {
    rule: 'testing-knows-no-adapter',
    file: `packages/testing/src/${planted}.ts`,
    imports: '../../lambda-adapter/src/index.js',
  },
  {
    rule: 'lambda-adapter-knows-core-alone',
    file: `packages/lambda-adapter/src/${planted}.ts`,
    imports: '@bedrock-proxy/testing',
  },
  {
    rule: 'lambda-adapter-knows-not-its-neighbour',
    file: `packages/lambda-adapter/src/${planted}-neighbour.test.ts`,
    imports: '../../apigw-adapter/src/index.js',
  },
  {
    rule: 'apigw-adapter-knows-core-and-lambda-adapter',
    file: `packages/apigw-adapter/src/${planted}.ts`,
    imports: '@bedrock-proxy/testing',
  },
  {
    rule: 'packages-know-nothing-outside',
    file: `${core}/models/${planted}-outside.ts`,
    imports: '../../../../local/src/main.js',
  },
  {
    rule: 'adapters-know-no-sdk',
    file: `packages/lambda-adapter/src/${planted}-sdk.ts`,
    imports: '@bedrock-proxy/core/bedrock',
  },
  { rule: 'the-sdk-has-its-rooms', file: `${core}/stream/${planted}-sdk.ts`, imports: '@smithy/types' },
  {
    rule: 'core-knows-no-lambda',
    file: `${core}/models/${planted}-lambda.ts`,
    imports: './aws-lambda.js',
    beside: { [`${core}/models/aws-lambda.ts`]: 'export {};\n' },
  },
  { rule: 'domain-knows-no-protocol', file: `${core}/proxy/${planted}-http.ts`, imports: '../http/serve.js' },
  {
    rule: 'core-index-brings-the-domain',
    file: `${core}/index.ts`,
    imports: { source: "export { serve } from './http/serve.js';\n" },
  },
  { rule: 'http-knows-no-bedrock', file: `${core}/http/${planted}.ts`, imports: '../bedrock/create-request-sender.js' },
  {
    rule: 'http-knows-no-dialect',
    file: `${core}/http/${planted}-dialect.ts`,
    imports: '../dialects/native/native-error.js',
  },
  {
    rule: 'only-entries-read-the-environment',
    file: `packages/lambda-adapter/src/${planted}-config.ts`,
    imports: '@bedrock-proxy/core/config',
  },
  {
    rule: 'config-knows-the-sdk-by-its-options',
    file: `${core}/config/${planted}.ts`,
    imports: '../bedrock/create-bedrock-invoker.js',
  },
  { rule: 'rooms-open-no-doors', file: `${core}/jwt/${planted}-door.ts`, imports: '../aws-secrets/index.js' },
  {
    rule: 'bedrock-knows-ports-and-errors',
    file: `${core}/bedrock/${planted}.ts`,
    imports: '../stream/open-stream.js',
  },
  { rule: 'aws-serves-its-three-rooms', file: `${core}/jwt/${planted}-aws.ts`, imports: '../aws/signed-call.js' },
  { rule: 'aws-knows-no-room', file: `${core}/aws/${planted}.ts`, imports: '../access/access-policy.js' },
  {
    rule: 'opentelemetry-knows-ports-alone',
    file: `${core}/opentelemetry/${planted}.ts`,
    imports: '../stream/call-watch.js',
  },
  {
    rule: 'opentelemetry-has-its-room',
    file: `${core}/telemetry/${planted}-opentelemetry.ts`,
    imports: '@opentelemetry/api',
  },
  { rule: 'ports-know-errors-alone', file: `${core}/ports/${planted}.ts`, imports: '../models/model-event.js' },
  { rule: 'errors-know-ports-alone', file: `${core}/errors/${planted}.ts`, imports: '../models/model-event.js' },
  { rule: 'models-know-no-request', file: `${core}/models/${planted}.ts`, imports: '../http/http-request.js' },
  { rule: 'requests-know-errors-alone', file: `${core}/request/${planted}.ts`, imports: '../models/model-event.js' },
  { rule: 'access-knows-no-call', file: `${core}/access/${planted}.ts`, imports: '../request/json-scan.js' },
  {
    rule: 'limits-and-routing-know-the-domain',
    file: `${core}/limits/${planted}.ts`,
    imports: '../proxy/open-call.js',
  },
  { rule: 'telemetry-knows-no-proxy', file: `${core}/telemetry/${planted}.ts`, imports: '../proxy/create-proxy.js' },
  { rule: 'streams-know-no-caller', file: `${core}/stream/${planted}.ts`, imports: '../access/access-policy.js' },
  { rule: 'dialects-know-no-caller', file: `${core}/dialects/${planted}.ts`, imports: '../access/access-policy.js' },
  {
    rule: 'dialects-know-no-other-dialect',
    file: `${core}/dialects/planted/${planted}.ts`,
    imports: '../native/native-error.js',
  },
  {
    rule: 'the-use-case-knows-no-dialect',
    file: `${core}/proxy/${planted}.ts`,
    imports: '../dialects/standard-dialects.js',
  },
];
