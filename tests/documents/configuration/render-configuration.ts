import { errorKinds } from '@bedrock-proxy/core';
import { type VariableName, variableDefaults } from '../../../packages/core/src/config/variables.ts';
import { statusOf } from '../../../packages/core/src/dialects/plain-refusal.ts';
import { errorAdvice, logOnlyCodes } from './error-advice.ts';
import { type VariableMeanings, variableSections } from './variable-meanings.ts';

type ErrorCode = keyof typeof errorKinds;

/** docs/configuration.md, made of the tables that the code itself goes by. */
export function renderConfiguration(): string {
  const sections = Object.entries(variableSections).map(
    ([title, meanings]) => `### ${title}\n\n${variableTable(meanings)}`,
  );
  return `# Configuration

<!-- Generated from the code: npm run docs. Edit tests/documents/configuration instead. -->

## Environment variables

All are optional. A value that cannot be used stops the function from starting, with a line that names the variable and never its
value. Times whose name ends in \`_MS\` are milliseconds. The AWS SDK's own variables hold as well. The bundles and \`npm start\` read all of
them; the libraries read none and take options instead: \`access\`, \`limits\` (\`idleTimeoutMs\` for \`IDLE_TIMEOUT_MS\`, and so on),
and [\`observerTimeoutMs\`](observability.md#in-the-library), which has no variable.

${sections.join('\n\n')}

More about tokens, rotation and patterns is in [security.md](security.md).

## Errors

Every error has the same shape, and its message says what to do next:

    {"error":{"code":"throttled","message":"Bedrock is throttling this model. Wait and send again.","requestId":"…","retryable":true}}

\`retryable\` is there where the same request may succeed when it is sent again, and nowhere else. \`Retry-After\` says after how many
seconds, where that is known. The same \`requestId\` finds the cause in the log. How an error looks within a stream is in
[streaming.md](streaming.md).

| code | status | again? | when | what to do |
|---|---|---|---|---|
${Object.keys(errorKinds)
  .map((code) => errorRow(code as ErrorCode))
  .join('\n')}

The log alone knows ${Object.entries(logOnlyCodes)
    .map(([code, meaning]) => `\`${code}\` (${meaning})`)
    .join(' and ')}.

${fromThePythonProxy}`;
}

/** For readers who know the wire already, and want to know what holds here. */
const fromThePythonProxy = `## Coming from a Python proxy with the same wire

- The request is the same: \`modelId\` (or \`model\`), \`stream\`, and the model's own payload. So are \`data: {"content":"…"}\`,
  \`data: [DONE]\`, and the array that ends in \`{"done":true}\`.
- **Look for \`error\`** in the events and in the last item of an array: a stream that ends without \`[DONE]\` is not the whole answer.
- An error before the first event has its own status; with a stream, check the status before you read events.
- \`content\` is the answer's text alone: reasoning, tool calls and counts are not in it.
- Lines that begin with \`:\` are pings. Readers of Server-Sent Events skip them; one of your own has to.
- The payload reaches the model byte for byte: nothing is added, and no default is filled in.
- The token goes in \`Authorization: Bearer\` or \`x-api-key\`, never in the address or the body.
- \`/v1/…\` and \`/model/…\` are reserved; every other path answers.
- Send again only where \`retryable\` is true, and wait for \`Retry-After\` first.
- The function is one zip for Node.js 24 with handler \`index.handler\`: no layer, no packages to install.
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
