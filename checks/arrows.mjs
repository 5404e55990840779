const room = (/** @type {readonly string[]} */ ...names) => `^packages/core/src/(?:${names.join('|')})/`;
const outside = (/** @type {readonly string[]} */ ...names) => `^packages/core/src/(?!(?:${names.join('|')})/)`;
const tests = '\\.test(-d|-helper)?\\.ts$';
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
    comment: 'two modules that need each other are one module, or hide a third',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'nothing-unresolved',
    comment: 'an arrow that leads nowhere cannot be judged',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'only-declared-dependencies',
    comment: "a package's sources use what its own package.json gives to those who install it",
    severity: 'error',
    from: { path: '^packages/[^/]+/src/', pathNot: tests },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '/@types/' },
  },
  {
    name: 'sources-know-no-tests',
    comment: 'what is published does not reach into what is not',
    severity: 'error',
    from: { pathNot: `${tests}|^tests/` },
    to: { path: `${tests}|^tests/` },
  },
  {
    name: 'core-knows-no-other-package',
    comment: 'no adapter and no test double is imported by core, ever',
    severity: 'error',
    from: { path: '^packages/core/' },
    to: { path: '^packages/(?!core/)' },
  },
  {
    name: 'testing-knows-no-adapter',
    comment: 'testing takes handlers as arguments where it drives them',
    severity: 'error',
    from: { path: '^packages/testing/' },
    to: { path: '^packages/(?!core/|testing/)' },
  },
  {
    name: 'lambda-adapter-knows-core-alone',
    comment: 'only its tests know the test doubles',
    severity: 'error',
    from: { path: '^packages/lambda-adapter/', pathNot: tests },
    to: { path: '^packages/(?!core/|lambda-adapter/)' },
  },
  {
    name: 'lambda-adapter-knows-not-its-neighbour',
    comment: 'the one sideways arrow goes the other way',
    severity: 'error',
    from: { path: '^packages/lambda-adapter/' },
    to: { path: '^packages/apigw-adapter/' },
  },
  {
    name: 'apigw-adapter-knows-core-and-lambda-adapter',
    comment: "response streaming is lambda-adapter's; only tests know the test doubles",
    severity: 'error',
    from: { path: '^packages/apigw-adapter/', pathNot: tests },
    to: { path: '^packages/(?!core/|lambda-adapter/|apigw-adapter/)' },
  },
  {
    name: 'packages-know-nothing-outside',
    comment: 'a package must work where there is no workspace around it',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/', pathNot: tests },
    to: { path: '^(?:local|tests|checks|scripts|bench|examples|deploy)/' },
  },
  {
    name: 'adapters-know-no-sdk',
    comment:
      'an adapter knows its event and its way to write an answer; only the deployable entries join it to Bedrock',
    severity: 'error',
    from: { path: '^packages/[^/]+-adapter/src/', pathNot: `/lambda(?:-stream)?\\.ts$|${tests}` },
    to: { path: ['@aws-sdk/', '@smithy/', '^packages/core/src/bedrock/'] },
  },
  {
    name: 'the-sdk-has-its-rooms',
    comment: "core's domain, HTTP and configuration know no AWS SDK",
    severity: 'error',
    from: { path: '^packages/core/src/', pathNot: room('bedrock', 'aws') },
    to: { path: ['@aws-sdk/', '@smithy/'] },
  },
  {
    name: 'core-knows-no-lambda',
    comment: "Lambda's types and runtime belong to the adapters",
    severity: 'error',
    from: { path: '^packages/core/' },
    to: { path: ['aws-lambda', '@aws-lambda-powertools/'] },
  },
  {
    name: 'domain-knows-no-protocol',
    comment: 'the domain is the same over any protocol and any invoker',
    severity: 'error',
    from: {
      path: room(
        ...['ports', 'errors', 'models', 'access', 'request', 'stream', 'limits', 'routing'],
        ...['telemetry', 'dialects', 'proxy'],
      ),
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
    comment: 'importing core brings no HTTP and no SDK: those have doors of their own',
    severity: 'error',
    from: { path: '^packages/core/src/index\\.ts$' },
    to: { path: room('http', 'node-http', 'bedrock', 'config', 'jwt', 'aws', 'aws-secrets') },
  },
  {
    name: 'http-knows-no-bedrock',
    comment: 'core/http knows HTTP; the model host is behind the port',
    severity: 'error',
    from: { path: room('http', 'node-http') },
    to: { path: room('bedrock', 'aws', 'aws-secrets') },
  },
  {
    name: 'http-knows-no-dialect',
    comment: 'core/http knows the seam of the dialects, and none of them',
    severity: 'error',
    from: { path: room('http', 'node-http'), pathNot: tests },
    to: { path: '^packages/core/src/dialects/[^/]+/' },
  },
  {
    name: 'only-entries-read-the-environment',
    comment: 'the deployable entries, local/ and tests read the configuration; all else is given its options',
    severity: 'error',
    from: {
      path: '^packages/|^examples/|^deploy/',
      pathNot: `^packages/core/src/config/|^packages/[^/]+-adapter/src/lambda[a-z-]*\\.ts$|${tests}`,
    },
    to: { path: room('config') },
  },
  {
    name: 'config-knows-the-sdk-by-its-options',
    comment: 'reading the environment loads no SDK and no secret store: types only, or at first use',
    severity: 'error',
    from: { path: room('config') },
    to: { path: room('bedrock', 'aws', 'aws-secrets', 'jwt'), dynamic: false, dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'rooms-open-no-doors',
    comment:
      "core's own files import the file that they need, not the door of a room; config alone loads doors, at first use",
    severity: 'error',
    from: { path: '^packages/core/src/', pathNot: [room('config'), tests] },
    to: { path: ['^packages/core/src/index\\.ts$', '^packages/core/src/[^/]+/index\\.ts$'] },
  },
  {
    name: 'bedrock-knows-ports-and-errors',
    comment: 'core/bedrock is one implementation of the port, and knows nothing of its callers',
    severity: 'error',
    from: { path: room('bedrock') },
    to: { path: outside('bedrock', 'ports', 'errors'), pathNot: jsonTools },
  },
  {
    name: 'aws-serves-its-three-rooms',
    comment: 'one signed call, for aws-secrets, dynamodb and config only',
    severity: 'error',
    from: { path: '^packages/core/src/', pathNot: room('aws', 'aws-secrets', 'dynamodb', 'config') },
    to: { path: room('aws') },
  },
  {
    name: 'aws-knows-no-room',
    comment: 'one signed call knows nothing of its callers',
    severity: 'error',
    from: { path: room('aws') },
    to: { path: outside('aws'), pathNot: jsonTools },
  },
  {
    name: 'ports-know-errors-alone',
    comment: 'a port is types only, and readable by itself',
    severity: 'error',
    from: { path: room('ports'), pathNot: tests },
    to: { pathNot: room('ports', 'errors') },
  },
  {
    name: 'errors-know-ports-alone',
    comment: 'an error is told in the words of the ports',
    severity: 'error',
    from: { path: room('errors') },
    to: { path: outside('errors', 'ports') },
  },
  {
    name: 'models-know-no-request',
    comment: 'how models speak depends on their bytes only',
    severity: 'error',
    from: { path: room('models') },
    to: { path: outside('models', 'ports', 'errors') },
  },
  {
    name: 'requests-know-errors-alone',
    comment: 'how a request is read depends on its bytes only',
    severity: 'error',
    from: { path: room('request') },
    to: { path: outside('request', 'errors') },
  },
  {
    name: 'access-knows-no-call',
    comment: 'a policy knows no body, no stream and no dialect',
    severity: 'error',
    from: { path: room('access') },
    to: { path: outside('access', 'ports', 'errors', 'models') },
  },
  {
    name: 'limits-and-routing-know-the-domain',
    comment: "they need ports, errors, access, models and stream's reader, and nothing else",
    severity: 'error',
    from: { path: room('limits', 'routing'), pathNot: tests },
    to: {
      path: outside('limits', 'routing', 'ports', 'errors', 'access', 'models'),
      pathNot: '^packages/core/src/stream/answer-reader\\.ts$',
    },
  },
  {
    name: 'telemetry-knows-no-proxy',
    comment: 'the account is given observers, never the proxy or a front',
    severity: 'error',
    from: { path: room('telemetry'), pathNot: tests },
    to: { path: outside('telemetry', 'ports', 'errors', 'models', 'access', 'stream') },
  },
  {
    name: 'streams-know-no-caller',
    comment: 'how an answer flows and ends does not depend on its caller',
    severity: 'error',
    from: { path: room('stream') },
    to: { path: room('access', 'request', 'proxy', 'dialects', 'telemetry') },
  },
  {
    name: 'dialects-know-no-caller',
    comment: 'a dialect is a codec: it owns no order, credential, policy or front',
    severity: 'error',
    from: { path: room('dialects') },
    to: { path: room('access', 'proxy', 'telemetry') },
  },
  {
    name: 'dialects-know-no-other-dialect',
    comment: 'what two dialects share stands above both',
    severity: 'error',
    from: { path: '^packages/core/src/dialects/([^/]+)/' },
    to: { path: '^packages/core/src/dialects/[^/]+/', pathNot: '^packages/core/src/dialects/$1/' },
  },
  {
    name: 'the-use-case-knows-no-dialect',
    comment: 'of proxy/, only create-proxy has a list of dialects; the use case knows their seam',
    severity: 'error',
    from: { path: room('proxy'), pathNot: `/create-proxy\\.ts$|${tests}` },
    to: { path: '^packages/core/src/dialects/(?!dialect\\.ts$)' },
  },
];
