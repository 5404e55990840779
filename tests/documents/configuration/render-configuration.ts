import { errorKinds } from '@bedrock-proxy/core';
import { type VariableName, variableDefaults } from '../../../packages/core/src/config/variable-defaults.ts';
import { statusOf } from '../../../packages/core/src/dialects/plain-refusal.ts';
import { errorAdvice, logOnlyCodes } from './error-advice.ts';
import { type VariableMeanings, variableSections } from './variable-meanings.ts';

type ErrorCode = keyof typeof errorKinds;

/** docs/configuration.md, generated from the tables that the code itself uses. */
export function renderConfiguration(): string {
  const sections = Object.entries(variableSections).map(
    ([title, meanings]) => `### ${title}\n\n${variableTable(meanings)}`,
  );
  return `# Configuration

<!-- Generated from the code: npm run docs. Edit tests/documents/configuration instead. -->

## Environment variables

All variables are optional. If a value is invalid, the function does not start. A log line then names the variable, and never its value.
Variables whose name ends in \`_MS\` are times in milliseconds. The AWS SDK's own variables also apply.

The bundles and \`npm start\` read all of these variables. The libraries read none of them and take options instead: \`access\`, \`limits\`
(\`idleTimeoutMs\` for \`IDLE_TIMEOUT_MS\`, and so on), and [\`observerTimeoutMs\`](observability.md#in-the-library), which has no variable.

${sections.join('\n\n')}

[security.md](security.md) describes tokens, rotation and patterns.

## Errors

All errors have the same format. The message states what to do next:

    {"error":{"code":"throttled","message":"Bedrock is throttling this model. Wait, then retry.","requestId":"…","retryable":true}}

\`retryable\` is present, and \`true\`, only if the same request may succeed when you send it again. If the waiting time is known, the
\`Retry-After\` header states it in seconds. To find the cause in the log, search for the \`requestId\`. [streaming.md](streaming.md)
describes errors within a stream.

| code | status | retry? | when | what to do |
|---|---|---|---|---|
${Object.keys(errorKinds)
  .map((code) => errorRow(code as ErrorCode))
  .join('\n')}

These codes occur only in the log: ${Object.entries(logOnlyCodes)
    .map(([code, meaning]) => `\`${code}\` (${meaning})`)
    .join(' and ')}.

${fromThePythonProxy}`;
}

/** For readers who already know the wire format. */
const fromThePythonProxy = `## Migrating from a Python proxy with the same wire format

- The request is the same: \`modelId\` (or \`model\`), \`stream\`, and the model's own payload. \`data: {"content":"…"}\`,
  \`data: [DONE]\`, and the array that ends in \`{"done":true}\` are also the same.
- **Check for \`error\`** in the events, and in the last item of an array. A stream that ends without \`[DONE]\` is not complete.
- An error before the first event has its own HTTP status. When you request a stream, check the status before you read events.
- \`content\` holds only the text of the response. It never holds reasoning, tool calls or token counts.
- Lines that begin with \`:\` are pings. Libraries for Server-Sent Events skip them. Your own parser must skip them too.
- The payload reaches the model byte for byte. The proxy adds nothing and fills in no defaults.
- Send the token in \`Authorization: Bearer\` or \`x-api-key\`, never in the URL or the body.
- \`/v1/…\`, \`/chat/completions\`, \`/embeddings\` and \`/responses\` belong to [OpenAI's API](clients.md), and \`/model/…\` is [Bedrock's own API](clients.md). Every other path accepts requests.
- Retry only if \`retryable\` is true. Wait for \`Retry-After\` first.
- The function is one zip for Node.js 24 with handler \`index.handler\`. It needs no layer, and you install no packages.
`;

function variableTable(meanings: VariableMeanings): string {
  const rows = Object.entries(meanings).map(([name, meaning]) => {
    const fallback = variableDefaults[name as VariableName];
    return `| \`${name}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${meaning} |`;
  });
  return ['| variable | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

function errorRow(code: ErrorCode): string {
  const { when, remedy } = errorAdvice[code];
  return `| \`${code}\` | ${statusOf(code)} | ${errorKinds[code].retryable ? 'yes' : ''} | ${when} | ${remedy} |`;
}
