const room = (/** @type {readonly string[]} */ ...names) => `^packages/core/src/(?:${names.join('|')})/`;
const outside = (/** @type {readonly string[]} */ ...names) => `^packages/core/src/(?!(?:${names.join('|')})/)`;
const tests = '\\.test(-d|-helper)?\\.ts$';
/** What every signed request is sent with. */
const signedRequests = '^packages/core/src/aws/(?:create-http-transport|create-request-signer)\\.';
/** Pure tools over JSON, for every room. */
const jsonTools = '^packages/core/src/(?:models/json-object|request/json-scan)\\.ts$';

/**
 * The arrows of the architecture: imports that are forbidden, type imports included. Paths are those of the sources. Each rule has a
 * planted violation in planted-violations.ts.
 *
 * @type {import('dependency-cruiser').IForbiddenRuleType[]}
 */
export const forbidden = [
  {
    name: 'nothing-in-a-circle',
    comment: 'modules do not import each other in a circle',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'nothing-unresolved',
    comment: 'every import must resolve, or the check cannot see it',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'only-declared-dependencies',
    comment: 'the sources of a package import only dependencies of its package.json',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/', pathNot: tests },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '/@types/' },
  },
  {
    name: 'sources-know-no-tests',
    comment: 'published sources do not import tests',
    severity: 'error',
    from: { pathNot: `${tests}|^tests/` },
    to: { path: `${tests}|^tests/` },
  },
  {
    name: 'core-knows-no-other-package',
    comment: 'core imports no adapter and no test double',
    severity: 'error',
    from: { path: '^packages/core/' },
    to: { path: '^packages/(?!core/)' },
  },
  {
    name: 'testing-knows-no-adapter',
    comment: 'testing imports no adapter: it gets handlers as arguments',
    severity: 'error',
    from: { path: '^packages/testing/' },
    to: { path: '^packages/(?!core/|testing/)' },
  },
  {
    name: 'lambda-adapter-knows-core-alone',
    comment: 'lambda-adapter imports only core; its tests also import testing',
    severity: 'error',
    from: { path: '^packages/lambda-adapter/', pathNot: tests },
    to: { path: '^packages/(?!core/|lambda-adapter/)' },
  },
  {
    name: 'lambda-adapter-knows-not-its-neighbour',
    comment: 'apigw-adapter imports lambda-adapter, and not the other way round',
    severity: 'error',
    from: { path: '^packages/lambda-adapter/' },
    to: { path: '^packages/apigw-adapter/' },
  },
  {
    name: 'apigw-adapter-knows-core-and-lambda-adapter',
    comment: 'apigw-adapter imports core and, for response streaming, lambda-adapter; its tests also import testing',
    severity: 'error',
    from: { path: '^packages/apigw-adapter/', pathNot: tests },
    to: { path: '^packages/(?!core/|lambda-adapter/|apigw-adapter/)' },
  },
  {
    name: 'packages-know-nothing-outside',
    comment: 'a package must work outside of the workspace',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/', pathNot: tests },
    to: { path: '^(?:local|tests|checks|scripts|bench|examples|deploy)/' },
  },
  {
    name: 'adapters-know-no-sdk',
    comment: 'an adapter reads its event and writes its answer; only the deployable entries connect it to Bedrock',
    severity: 'error',
    from: { path: '^packages/[^/]+-adapter/src/', pathNot: `/(?:lambda|lambda-stream|web-function)\\.ts$|${tests}` },
    to: { path: ['@aws-sdk/', '@smithy/', '^packages/core/src/bedrock/'] },
  },
  {
    name: 'the-sdk-has-its-rooms',
    comment: 'the domain, core/http and the configuration of core import no AWS SDK; their tests may compare with it',
    severity: 'error',
    from: { path: '^packages/core/src/', pathNot: [room('bedrock', 'aws'), tests] },
    to: { path: ['@aws-sdk/', '@smithy/'] },
  },
  {
    name: 'core-knows-no-lambda',
    comment: 'only the adapters import types and runtime of Lambda',
    severity: 'error',
    from: { path: '^packages/core/' },
    to: { path: ['aws-lambda', '@aws-lambda-powertools/'] },
  },
  {
    name: 'domain-knows-no-protocol',
    comment: 'the domain depends on no protocol and on no invoker',
    severity: 'error',
    from: {
      path: room(
        ...['ports', 'errors', 'models', 'access', 'request', 'stream', 'limits', 'routing'],
        ...['telemetry', 'dialects', 'proxy'],
      ),
      // The door of limits brings the store that deployments use; it loads the SDK at its first call.
      pathNot: '^packages/core/src/limits/index\\.ts$',
    },
    to: {
      path: [
        room('http', 'node-http', 'bedrock', 'config', 'jwt', 'aws', 'aws-secrets', 'dynamodb', 'opentelemetry'),
        '^(?:node:)?https?2?$',
      ],
    },
  },
  {
    name: 'core-index-brings-the-domain',
    comment: 'the door of core loads no HTTP and no SDK: they have separate doors',
    severity: 'error',
    from: { path: '^packages/core/src/index\\.ts$' },
    to: { path: room('http', 'node-http', 'bedrock', 'config', 'jwt', 'aws', 'aws-secrets', 'opentelemetry') },
  },
  {
    name: 'http-knows-no-bedrock',
    comment: 'core/http imports no model host: the port separates them',
    severity: 'error',
    from: { path: room('http', 'node-http') },
    to: { path: room('bedrock', 'aws', 'aws-secrets') },
  },
  {
    name: 'http-knows-no-dialect',
    comment: 'core/http imports the interface of the dialects, but no dialect',
    severity: 'error',
    from: { path: room('http', 'node-http'), pathNot: tests },
    to: { path: '^packages/core/src/dialects/[^/]+/' },
  },
  {
    name: 'only-entries-read-the-environment',
    comment: 'only the deployable entries, local/ and tests read the configuration; other code gets options',
    severity: 'error',
    from: {
      path: '^packages/|^examples/|^deploy/',
      pathNot: `^packages/core/src/config/|^packages/[^/]+-adapter/src/(?:lambda[a-z-]*|web-function)\\.ts$|${tests}`,
    },
    to: { path: room('config') },
  },
  {
    name: 'config-knows-the-sdk-by-its-options',
    comment: 'the configuration loads no SDK and no secret store: it imports types only, or imports them at first use',
    severity: 'error',
    from: { path: room('config') },
    to: {
      path: room('bedrock', 'aws', 'aws-secrets', 'dynamodb', 'jwt', 'opentelemetry'),
      dynamic: false,
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'rooms-open-no-doors',
    comment: 'files of core import files and not doors; only config loads doors, at first use',
    severity: 'error',
    from: { path: '^packages/core/src/', pathNot: [room('config'), tests] },
    to: { path: ['^packages/core/src/index\\.ts$', '^packages/core/src/[^/]+/index\\.ts$'] },
  },
  {
    name: 'bedrock-knows-ports-and-errors',
    comment: 'core/bedrock implements the port, and imports nothing from its callers',
    severity: 'error',
    from: { path: room('bedrock') },
    to: { path: outside('bedrock', 'ports', 'errors'), pathNot: [jsonTools, signedRequests] },
  },
  {
    name: 'aws-serves-its-three-rooms',
    comment:
      'only aws-secrets, dynamodb and config import the signed AWS call; bedrock sends its own requests in the same way',
    severity: 'error',
    from: { path: '^packages/core/src/', pathNot: room('aws', 'aws-secrets', 'dynamodb', 'config') },
    to: { path: room('aws'), pathNot: signedRequests },
  },
  {
    name: 'aws-knows-no-room',
    comment: 'the signed AWS call imports nothing from its callers',
    severity: 'error',
    from: { path: room('aws') },
    to: { path: outside('aws'), pathNot: jsonTools },
  },
  {
    name: 'opentelemetry-knows-ports-alone',
    comment: 'core/opentelemetry implements a port',
    severity: 'error',
    from: { path: room('opentelemetry') },
    to: { path: outside('opentelemetry', 'ports') },
  },
  {
    name: 'opentelemetry-has-its-room',
    comment: 'only core/opentelemetry imports the API of OpenTelemetry: who does not trace does not install it',
    severity: 'error',
    from: { path: '^packages/', pathNot: [room('opentelemetry'), tests] },
    to: { path: '@opentelemetry/' },
  },
  {
    name: 'ports-know-errors-alone',
    comment: 'a port imports only ports and errors',
    severity: 'error',
    from: { path: room('ports'), pathNot: tests },
    to: { pathNot: room('ports', 'errors') },
  },
  {
    name: 'errors-know-ports-alone',
    comment: 'the errors import only the ports',
    severity: 'error',
    from: { path: room('errors') },
    to: { path: outside('errors', 'ports') },
  },
  {
    name: 'models-know-no-request',
    comment: 'reading a model format depends only on its bytes',
    severity: 'error',
    from: { path: room('models') },
    to: { path: outside('models', 'ports', 'errors'), pathNot: jsonTools },
  },
  {
    name: 'requests-know-errors-alone',
    comment: 'reading a request depends only on its bytes',
    severity: 'error',
    from: { path: room('request') },
    to: { path: outside('request', 'errors') },
  },
  {
    name: 'access-knows-no-call',
    comment: 'a policy imports no body, no stream and no dialect',
    severity: 'error',
    from: { path: room('access') },
    to: { path: outside('access', 'ports', 'errors', 'models') },
  },
  {
    name: 'limits-and-routing-know-the-domain',
    comment: 'only ports, errors, access, models and the reader of stream may be imported here',
    severity: 'error',
    from: { path: room('limits', 'routing'), pathNot: ['^packages/core/src/limits/index\\.ts$', tests] },
    to: {
      path: outside('limits', 'routing', 'ports', 'errors', 'access', 'models'),
      pathNot: '^packages/core/src/stream/answer-reader\\.ts$',
    },
  },
  {
    name: 'telemetry-knows-no-proxy',
    comment: 'the account gets observers, and imports neither the proxy nor a front',
    severity: 'error',
    from: { path: room('telemetry'), pathNot: tests },
    to: { path: outside('telemetry', 'ports', 'errors', 'models', 'access', 'stream') },
  },
  {
    name: 'streams-know-no-caller',
    comment: 'streaming an answer does not depend on its caller',
    severity: 'error',
    from: { path: room('stream') },
    to: { path: room('access', 'request', 'proxy', 'dialects', 'telemetry') },
  },
  {
    name: 'dialects-know-no-caller',
    comment: 'a dialect is a codec: it imports no policy, no use case and no telemetry',
    severity: 'error',
    from: { path: room('dialects') },
    to: { path: room('access', 'proxy', 'telemetry') },
  },
  {
    name: 'dialects-know-no-other-dialect',
    comment: 'dialects do not import each other: shared code is above them',
    severity: 'error',
    from: { path: '^packages/core/src/dialects/([^/]+)/' },
    to: { path: '^packages/core/src/dialects/[^/]+/', pathNot: '^packages/core/src/dialects/$1/' },
  },
  {
    name: 'the-use-case-knows-no-dialect',
    comment: 'in proxy/, only create-proxy imports the list of dialects; the use case imports their interface',
    severity: 'error',
    from: { path: room('proxy'), pathNot: `/create-proxy\\.ts$|${tests}` },
    to: { path: '^packages/core/src/dialects/(?!dialect\\.ts$)' },
  },
];
