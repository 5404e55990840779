import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript } from '../testing/run-script.ts';
import { type Distortion, startDistortingFront } from '../testing/start-distorting-front.ts';
import { type LocalServer, startLocalServer } from '../testing/start-local-server.ts';
import { checkAuth } from './check-auth.ts';
import { limitsIn } from './limits-in.ts';
import { readDoctorArguments } from './read-doctor-arguments.ts';
import { runDoctor } from './run-doctor.ts';

const token = 'a-token-of-some-length';
const aliases = {
  sonnet: {
    targets: [
      { model: 'emulator.http-429', region: 'us-east-1' },
      {
        model: 'arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-sonnet-4-6',
        region: 'eu-west-1',
      },
    ],
  },
  claude: 'us.anthropic.claude-sonnet-4-6',
  writer: 'writer.palmyra-x5-v1:0',
};
const servers = new AsyncDisposableStack();
let guarded: LocalServer;
let open: LocalServer;

beforeAll(async () => {
  guarded = servers.use(await startLocalServer({ AUTH_TOKEN: token, MODEL_ALIASES: JSON.stringify(aliases) }));
  open = servers.use(await startLocalServer());
});
afterAll(() => servers.disposeAsync());

interface Check {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the doctor. Returns the verdict of each check, the whole output and the exit code. */
async function check(url: string, { args = [], env = { BEDROCK_PROXY_TOKEN: token } }: Check = {}) {
  const printed: string[] = [];
  const code = await runDoctor([url, ...args], env, (text) => printed.push(text));
  const output = printed.join('\n');
  const lines = [
    ...output.matchAll(
      /^(ok|warn|fail|skip) +(reachable|auth|cors|aws sdk|bad model|stream|openai|anthropic|bedrock) +(.*)$/gm,
    ),
  ];
  expect(output).not.toContain(token);
  return { code, output, verdicts: Object.fromEntries(lines.map(([, verdict, name]) => [name, verdict])) };
}

/** The emulator writes one word every 35 ms. Ten words are enough to check the timing. */
const tenWords = JSON.stringify({
  inferenceConfig: { maxTokens: 10 },
  messages: [{ role: 'user', content: [{ text: 'Count from one to thirty, in words.' }] }],
});

const claudeBody = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'Count from one to thirty, in words.' }],
});

const allOk = { reachable: 'ok', auth: 'ok', cors: 'ok', 'aws sdk': 'ok', 'bad model': 'ok', stream: 'ok' };

describe('the doctor with a correct deployment', () => {
  it.each([
    ['/', /stream +\d+ pieces arrived one by one over \d+ ms; the stream is complete/],
    ['/web/bedrock', /stream +\d+ pieces arrived one by one over \d+ ms; the stream is complete/],
    ['/stream/bedrock', /stream +\d+ pieces arrived one by one over \d+ ms; the stream is complete/],
    ['/prod/bedrock', /stream +this endpoint does not stream; the answer is one complete array/],
    ['/http/bedrock', /stream +this endpoint does not stream; the answer is one complete array/],
  ])('passes all checks at %s', async (path, stream) => {
    const { code, output, verdicts } = await check(guarded.url + path, { args: ['--payload', tenWords] });
    expect(verdicts).toEqual(allOk);
    expect(output).toMatch(stream);
    expect(code).toBe(0);
  });

  it.each([
    ['global.amazon.nova-2-lite-v1:0', []],
    ['global.anthropic.claude-haiku-5-5', []],
    ['meta.llama3-1-70b-instruct-v1:0', []],
    ['amazon.titan-text-express-v1', ['--payload', '{"inputText":"Count from one to thirty, in words."}']],
  ])('passes all checks with the model %s', async (model, payload) => {
    const { code, verdicts } = await check(`${guarded.url}/`, { args: ['--model', model, ...payload] });
    expect(verdicts).toEqual(allOk);
    expect(code).toBe(0);
  });
});

describe('the doctor with an alias', () => {
  it.each(['/', '/prod/bedrock'])('finds its request body, and tells which model answered, at %s', async (path) => {
    const { code, output, verdicts } = await check(guarded.url + path, { args: ['--model', 'claude'] });
    expect(verdicts).toEqual(allOk);
    expect(output).toContain('; us.anthropic.claude-sonnet-4-6 answered');
    expect(code).toBe(0);
  });

  it('tells which target answered after another one failed', async () => {
    const { code, output } = await check(`${guarded.url}/`, { args: ['--model', 'sonnet', '--payload', claudeBody] });
    expect(output).toContain('; eu.anthropic.claude-sonnet-4-6 answered');
    expect(code).toBe(0);
  });

  it('says what to do if the body of its models is unknown', async () => {
    const { code, output } = await check(`${guarded.url}/`, { args: ['--model', 'writer'] });
    expect(output).toContain('the request body for the models of writer is unknown (writer)\n      fix: use --payload');
    expect(code).toBe(1);
  });

  it('reports an alias that the token may not use, or that nobody set', async () => {
    const { code, output } = await check(`${guarded.url}/`, { args: ['--model', 'missing'] });
    expect(output).toMatch(/this token may use no model or alias named missing\n +fix: add it to MODEL_ALIASES/);
    expect(code).toBe(1);
  });
});

describe('the doctor with another API', () => {
  const { stream: _, ...common } = allOk;

  it.each([
    ['openai', '/'],
    ['openai', '/prod/bedrock'],
    ['openai', '/http/bedrock'],
    ['anthropic', '/'],
    ['anthropic', '/stream/bedrock'],
    ['bedrock', '/'],
  ])('checks a stream of %s at %s', async (dialect, path) => {
    const { code, output, verdicts } = await check(guarded.url + path, { args: ['--dialect', dialect] });
    expect(verdicts).toEqual({ ...common, [dialect]: 'ok' });
    expect(output).toMatch(/a stream of \/\S+ is complete/);
    expect(code).toBe(0);
  });

  it('explains a REST API without binary media types', async () => {
    const { output, verdicts } = await check(`${guarded.url}/prod/bedrock`, { args: ['--dialect', 'bedrock'] });
    expect(verdicts).toEqual({ ...common, bedrock: 'fail' });
    expect(output).toMatch(/arrive as base64 text\n +fix: add \*\/\* to the binary media types/);
  });

  it('needs no request body for the name of an alias', async () => {
    await using aliased = await startLocalServer({
      AUTH_TOKEN: token,
      MODEL_ALIASES: '{"fast":"global.amazon.nova-2-lite-v1:0"}',
    });
    const args = ['--dialect', 'openai', '--model', 'fast'];
    expect((await check(`${aliased.url}/`, { args })).verdicts).toEqual({ ...common, openai: 'ok' });
  });

  it.each([
    ['openai', '/v1/chat/completions', 'data: [DONE]'],
    ['anthropic', '/v1/messages', 'event: message_stop'],
    ['bedrock', '/converse-stream', 'messageStop'],
  ])('reports a stream of %s that is cut', async (dialect, _path, end) => {
    await using front = await startDistortingFront(`${guarded.url}/`, { cutBefore: end });
    const { code, verdicts } = await check(front.url, { args: ['--dialect', dialect] });
    expect(verdicts).toEqual({ ...common, [dialect]: 'fail' });
    expect(code).toBe(1);
  });

  it('reports a model that does not exist, in the words of the proxy', async () => {
    const args = ['--dialect', 'openai', '--model', 'emulator.http-404'];
    const { output, verdicts } = await check(`${guarded.url}/`, { args });
    expect(verdicts).toEqual({ ...common, openai: 'fail' });
    expect(output).toMatch(/404: .+\n +fix: /);
  });

  it.each(['openai', 'anthropic', 'bedrock'])('says that a model has no price, to a caller of %s', async (dialect) => {
    await using limited = await startLocalServer({ AUTH_TOKEN: token, LIMITS: '{"each":{"usdPerDay":5}}' });
    const args = ['--dialect', dialect, '--model', 'anthropic.claude-without-a-price'];
    const { output } = await check(`${limited.url}/`, { args });
    expect(output).toMatch(/has no price\. .+\n +fix: set a price of this model in PRICES/);
  });

  it('shows what is left of the limits of the caller', () => {
    expect(limitsIn({ headers: new Headers({ 'x-ratelimit-remaining-requests': '59' }) })).toBe(
      '; limits: x-ratelimit-remaining-requests 59',
    );
    expect(limitsIn({ headers: new Headers() })).toBe('');
  });
});

describe('the doctor with a faulty deployment', () => {
  async function checkBehind(distortion: Distortion) {
    await using front = await startDistortingFront(`${guarded.url}/`, distortion);
    return await check(front.url, { args: ['--payload', tenWords] });
  }

  it('warns of a server of this machine that is open to any caller, and does not fail', async () => {
    const { code, output, verdicts } = await check(`${open.url}/`, { args: ['--payload', tenWords] });
    expect(verdicts).toEqual({ ...allOk, auth: 'warn' });
    expect(output).toMatch(/the URL is open.*\n +fix: set AUTH_TOKEN/);
    expect(code).toBe(0);
  });

  it('reports a deployed proxy that is open to any caller', async () => {
    const deployment = readDoctorArguments(['https://proxy.example/'], {});
    if (deployment === undefined) throw new Error('The arguments ask for help.');
    const text = '{"error":{"code":"invalid_json","message":"No.","requestId":"1"}}';
    const finding = await checkAuth(deployment, { status: 400, headers: new Headers(), pieces: [], text });
    expect(finding).toMatchObject({ verdict: 'fail', line: 'the URL is open: any caller can use it' });
  });

  it('reports a buffered stream', async () => {
    const { code, output, verdicts } = await checkBehind({ buffersBody: true });
    expect(verdicts).toEqual({ ...allOk, stream: 'fail' });
    expect(output).toMatch(/pieces arrived at once\n +fix: set the invoke mode of the Function URL to RESPONSE_STREAM/);
    expect(code).toBe(1);
  });

  it('reports a stream without an end', async () => {
    const { code, output, verdicts } = await checkBehind({ cutBefore: 'data: [DONE]' });
    expect(verdicts).toEqual({ ...allOk, stream: 'fail' });
    expect(output).toContain('200, but the answer is incomplete');
    expect(code).toBe(1);
  });

  it('reports duplicate CORS headers of the endpoint', async () => {
    const { code, output, verdicts } = await checkBehind({ addedHeaders: { 'access-control-allow-origin': '*' } });
    expect(verdicts).toEqual({ ...allOk, cors: 'fail' });
    expect(output).toMatch(
      /have more than one allowed origin \(\*, \*\).*\n +fix: turn off CORS in the Function URL or API/,
    );
    expect(code).toBe(1);
  });

  it('reports preflights that do not reach the proxy', async () => {
    const { code, output, verdicts } = await checkBehind({ preflightStatus: 403 });
    expect(verdicts).toEqual({ ...allOk, cors: 'fail' });
    expect(output).toContain('answers allow *, preflights do not allow the origin (403)');
    expect(code).toBe(1);
  });

  it.each([
    ['{"message":"Internal Server Error"}', 502, '502 without an error object'],
    [
      '{"error":{"code":"upstream_denied","message":"role arn:aws:iam::111122223333:role/x is denied","requestId":"1"}}',
      502,
      'contains internal details',
    ],
    [
      '{"error":{"code":"upstream_unavailable","message":"Bedrock is out of reach.","requestId":"1"}}',
      503,
      'check that the function can reach Bedrock',
    ],
  ])('reports the answer to an unknown model: %s', async (body, status, line) => {
    const { code, output, verdicts } = await checkBehind({ instead: { about: 'no-such-model', status, body } });
    expect(verdicts).toEqual({ ...allOk, 'bad model': 'fail' });
    expect(output).toContain(line);
    expect(code).toBe(1);
  });

  it.each([
    ['upstream_denied', 502, 'refused this role', 'grant the role bedrock:InvokeModel'],
    ['upstream_validation', 400, 'on-demand throughput isn’t supported', 'use the model through an inference profile'],
    ['rate_limited', 429, 'a limit per minute is reached', 'wait a minute'],
    ['budget_exceeded', 429, 'a budget is used up', 'raise the budget'],
    ['limits_unavailable', 503, 'the limits cannot be checked', 'check that the table of limits exists'],
    ['model_not_priced', 403, 'this model has no price', 'set a price of this model in PRICES'],
    ['a-new-code', 500, 'something new', 'search the log for request id abc'],
  ])('reports a model that is refused with %s', async (errorCode, status, message, fix) => {
    const body = JSON.stringify({ error: { code: errorCode, message, requestId: 'abc' } });
    const { code, output, verdicts } = await checkBehind({ instead: { about: '"stream":true', status, body } });
    expect(verdicts).toEqual({ ...allOk, stream: 'fail' });
    expect(output).toContain(fix);
    expect(code).toBe(1);
  });

  it('reports a stream that ends with an error', async () => {
    const error = '{"error":{"code":"upstream_truncated","message":"It was cut.","requestId":"abc"}}';
    await using front = await startDistortingFront(`${guarded.url}/`, { cutBefore: 'data: [DONE]' });
    await using error200 = await startDistortingFront(front.url, {
      instead: { about: '"stream":true', status: 200, body: `[{"content":"a"},${error}]` },
    });
    const { output, verdicts } = await check(error200.url);
    expect(verdicts).toEqual({ ...allOk, stream: 'fail' });
    expect(output).toContain('the answer ends with upstream_truncated: It was cut.');
  });

  it.each([
    ['{"message":"Missing Authentication Token"}', 403, 'use the URL of a resource with a POST method'],
    ['{"Message":"Forbidden"}', 403, 'needs both permissions'],
    ['{"message":"Not Found"}', 404, 'check the stage and the path'],
    ['{"message":"Internal server error"}', 500, 'the handler is not index.handler'],
    ['{"message":"Endpoint request timed out"}', 504, 'default of 3 seconds'],
    ['{"Reason":"ConcurrentInvocationLimitExceeded"}', 429, 'reserved concurrency'],
    ['', 401, 'a streaming zip needs invoke mode RESPONSE_STREAM'],
    ['<html>Welcome</html>', 200, 'check that this is the URL of the proxy'],
  ])('reports an answer that is not from the proxy: %s', async (body, status, fix) => {
    const { code, output, verdicts } = await checkBehind({ instead: { about: 'no JSON', status, body } });
    expect(verdicts).toEqual({ reachable: 'fail' });
    expect(output).toContain(fix);
    expect(code).toBe(1);
  });

  it.each([
    ['ip_not_allowed', 403, { reachable: 'ok', auth: 'fail' }, 'add it to ALLOWED_IPS'],
    ['auth_unavailable', 503, { reachable: 'ok', auth: 'fail' }, 'grant the role secretsmanager:GetSecretValue'],
    ['a-new-code', 418, { reachable: 'ok', auth: 'fail' }, 'unexpected answer: 418 a-new-code'],
    ['internal', 500, { reachable: 'fail' }, 'deploy the zip that matches the endpoint'],
  ])('reports %s as the answer to a request without a token', async (errorCode, status, verdictsThen, fix) => {
    const body = JSON.stringify({ error: { code: errorCode, message: 'No.', requestId: 'abc' } });
    const { code, output, verdicts } = await checkBehind({
      instead: { about: 'no JSON', status, body },
    });
    expect(verdicts).toMatchObject(verdictsThen);
    expect(verdicts).not.toHaveProperty('stream');
    expect(output).toContain(fix);
    expect(code).toBe(1);
  });

  it('reports a closed connection and still runs the other checks', async () => {
    const { code, output, verdicts } = await checkBehind({ hangUpOn: 'no-such-model' });
    expect(verdicts).toEqual({ ...allOk, 'bad model': 'fail' });
    expect(output).toMatch(/bad model +no answer: .+\n +fix: run the doctor again/);
    expect(code).toBe(1);
  });

  it.each([
    ['https://0.0.0.0:9/', 'check the URL, and check that the function or API is deployed'],
    ['http://127.0.0.1:9/', 'start the server with npm start'],
  ])('reports a URL that does not answer: %s', async (url, fix) => {
    const { code, output, verdicts } = await check(url);
    expect(verdicts).toEqual({ reachable: 'fail' });
    expect(output).toMatch(new RegExp(`reachable +no answer: .+\\n +fix: ${fix}`));
    expect(code).toBe(1);
  });

  it.each(['/v1/bedrock', '/v1/messages/bedrock', '/model/bedrock'])(
    'reports a path of another API: %s',
    async (path) => {
      const { output, verdicts } = await check(`${guarded.url}${path}`);
      expect(verdicts).toEqual({ reachable: 'fail' });
      expect(output).toContain('use another path');
    },
  );

  it('reports a token that the proxy refuses', async () => {
    const { code, verdicts, output } = await check(`${guarded.url}/`, {
      env: { BEDROCK_PROXY_TOKEN: 'another-token-of-length' },
    });
    expect(verdicts).toEqual({ reachable: 'ok', auth: 'fail', cors: 'ok', 'aws sdk': 'ok' });
    expect(output).toContain('the token is refused (401)');
    expect(output).not.toContain('another-token-of-length');
    expect(code).toBe(1);
  });
});

it('skips the checks that need a token if there is none, and ends with 1', async () => {
  const { code, output, verdicts } = await check(`${guarded.url}/`, { env: {} });
  expect(verdicts).toEqual({ reachable: 'ok', auth: 'skip', cors: 'ok', 'aws sdk': 'ok' });
  expect(output).toContain('fix: set BEDROCK_PROXY_TOKEN');
  expect(code).toBe(1);
});

it('skips the timing check if there are too few pieces, and ends with 1', async () => {
  const payload = tenWords.replace('"maxTokens":10', '"maxTokens":1');
  const { code, output, verdicts } = await check(`${guarded.url}/`, { args: ['--payload', payload] });
  expect(verdicts).toEqual({ ...allOk, stream: 'skip' });
  expect(output).toContain('too few to check the timing');
  expect(code).toBe(1);
});

it('refuses a token that is not allowed in a header, without printing it', async () => {
  const env = { BEDROCK_PROXY_TOKEN: 'zwölf Zeichen' };
  await expect(runDoctor(['http://localhost/'], env, () => {})).rejects.toThrow(
    'BEDROCK_PROXY_TOKEN contains characters that are not allowed in a header: set it to the token only.',
  );
});

it('redacts the token if an answer repeats it', async () => {
  await using front = await startDistortingFront(`${guarded.url}/`, {
    instead: {
      about: '"stream":true',
      status: 500,
      body: `{"error":{"code":"internal","message":"${token}","requestId":"1"}}`,
    },
  });
  expect((await check(front.url)).output).toContain('internal: [token]');
});

it('prints its help', async () => {
  const { code, output } = await check('--help');
  expect(code).toBe(0);
  expect(output).toContain('npm run doctor -- URL');
});

it.each([
  [[], 'Pass one URL; see npm run doctor -- --help.'],
  [['http://localhost/', 'http://localhost/'], 'Pass one URL; see npm run doctor -- --help.'],
  [['localhost'], '"localhost" is not a URL: pass the https:// URL that clients send requests to.'],
  [['ftp://localhost/'], '"ftp://localhost/" is not a URL: pass the https:// URL that clients send requests to.'],
  [['http://proxy.example/'], 'http would expose the token: pass the https URL.'],
  [['https://me:secret@proxy.example/'], 'The URL must not contain a user name or password.'],
  [['http://localhost/', '--modell', 'x'], "Unknown option '--modell'; see npm run doctor -- --help."],
  [
    ['http://localhost/', '--model', 'x.y'],
    "The request body of x.y is unknown: pass it with --payload '{…}', or use --dialect openai, which needs none.",
  ],
  [
    ['http://localhost/', '--dialect', 'gemini'],
    '--dialect must be native, openai, anthropic or bedrock, not "gemini".',
  ],
  [['http://localhost/', '--payload', '[]'], '--payload must be a JSON object.'],
  [['http://localhost/', '--payload', '{'], '--payload must be a JSON object.'],
])('refuses %j with one sentence', async (args, message) => {
  await expect(runDoctor(args, {}, () => {})).rejects.toEqual(
    expect.objectContaining({ name: 'DeploymentError', message }),
  );
});

describe('npm run doctor', () => {
  const main = 'deploy/src/doctor/main.ts';

  it('prints one line for each check and ends with 0 if all checks succeed', async () => {
    const { code, output, errors } = await runScript(main, [`${guarded.url}/`, '--payload', tenWords], {
      BEDROCK_PROXY_TOKEN: token,
    });
    expect(output.trimEnd().split('\n')).toHaveLength(6);
    expect(errors).toBe('');
    expect(code).toBe(0);
  });

  it('ends with 1 if a check fails', async () => {
    expect((await runScript(main, ['http://127.0.0.1:9/'])).code).toBe(1);
  });

  it('ends with one sentence and 1 if an argument is invalid', async () => {
    const errors = 'Pass one URL; see npm run doctor -- --help.\n';
    expect(await runScript(main, [])).toEqual({ code: 1, output: '', errors });
  });
});
