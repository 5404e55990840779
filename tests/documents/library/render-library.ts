import { errorKinds } from '@bedrock-proxy/core';
import { errorAdvice } from '../configuration/error-advice.ts';
import { readType, type TypeMember } from './type-members.ts';

const events = [
  'TextDelta',
  'ReasoningDelta',
  'ReasoningSignature',
  'ReasoningRedacted',
  'Citation',
  'ToolCallStart',
  'ToolCallDelta',
  'UsageReport',
  'StreamEnd',
  'RawChunk',
];

/** Renders docs/library.md from the types of core. */
export function renderLibrary(): string {
  return `# The library

The types behind [the three uses](../README.md#three-uses), as tables. \`npm run docs\` makes this page from the sources of \`@bedrock-proxy/core\`.

- [Calls](#calls) · [Events](#events) · [Errors](#errors) · [The invoker of Bedrock](#the-invoker-of-bedrock) · [A proxy](#a-proxy) ·
  [Policies](#policies)

## Calls

\`streamModel(invoker, call, options)\` streams a call. \`for await\` yields [events](#events); \`.collect()\` returns the complete answer.
\`invokeModel(invoker, call, options)\` returns the model's own JSON. Both throw a [\`ProxyError\`](#errors) for every failure.

${table('stream/stream-model.ts', 'ModelInput')}

### StreamOptions

${table('stream/stream-model.ts', 'StreamOptions')}

### Usage

${table('ports/model-invoker.ts', 'Usage')}

## Events

A stream is complete only if it ends with \`stream-end\`. In every other case, the loop throws.

| \`type\` | members | |
|---|---|---|
${events.map(eventRow).join('\n')}

## Errors

A \`ProxyError\` has a \`code\` of this list, \`retryable\`, and a \`message\` that says what to do. \`isProxyError(error)\` recognises one.
[docs/configuration.md](configuration.md#errors) has the statuses over HTTP, and the remedies.

| \`code\` | \`retryable\` | cause |
|---|---|---|
${Object.entries(errorKinds).map(errorRow).join('\n')}

## The invoker of Bedrock

\`createBedrockInvoker(options)\` from \`@bedrock-proxy/core/bedrock\`:

${table('bedrock/create-bedrock-invoker.ts', 'BedrockInvokerOptions')}

## A proxy

\`createProxy(options)\` puts an invoker behind a policy, for the handlers of the adapters.

${table('proxy/create-proxy.ts', 'ProxyOptions')}

### ProxyLimits

${table('proxy/create-proxy.ts', 'ProxyLimits')}

## Policies

A policy is a function of a request that returns a decision, or a promise of one. \`anyOf\` and \`allOf\` combine policies. [Security](security.md#your-own-policy)
shows one of your own.

| | |
|---|---|
| \`allowAnonymous()\` | admits any caller |
| \`bearerTokens(records)\` | admits the tokens of [records](security.md#tokens) |
| \`storedTokens(options)\` | the same, from a store of your own |
| \`jwtTokens(options)\` of \`/jwt\` | admits the tokens of an identity provider |
| \`secretsManagerTokens(options)\`, \`parameterStoreTokens(options)\` of \`/aws-secrets\` | admit the tokens of a store of AWS |
| \`ipAllowlist(ranges)\`, \`modelAllowlist(globs)\` | restrict other policies, within \`allOf\` |

### AccessRequest

${table('access/access-policy.ts', 'AccessRequest')}

### Admission

${table('access/access-policy.ts', 'Admission')}

### Denial

${table('access/access-policy.ts', 'Denial')}
`;
}

function table(file: string, name: string): string {
  const { members } = readType(file, name);
  return ['| member | type | |', '|---|---|---|', ...members.map(memberRow)].join('\n');
}

function memberRow({ name, isOptional, type, meaning }: TypeMember): string {
  return `| \`${name}\`${isOptional ? '' : ', required'} | \`${inCell(type)}\` | ${inCell(meaning)} |`;
}

function eventRow(name: string): string {
  const { meaning, members } = readType('models/model-event.ts', name);
  const [kind, ...others] = members;
  const list = others.map((member) => `\`${member.name}\`${member.isOptional ? '?' : ''}`).join(', ');
  return `| \`${kind?.type.replaceAll("'", '')}\` | ${list} | ${inCell(meaning)} |`;
}

function errorRow([code, { retryable }]: [string, { readonly retryable: boolean }]): string {
  const advice = errorAdvice[code as keyof typeof errorAdvice];
  return `| \`${code}\` | ${retryable ? 'yes' : ''} | ${inCell(advice.when)} |`;
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
