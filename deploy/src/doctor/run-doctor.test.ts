import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Distortion, startDistortingFront } from '../testing/distorting-front.ts';
import { runScript } from '../testing/run-script.ts';
import { type LocalServer, startLocalServer } from '../testing/start-local-server.ts';
import { runDoctor } from './run-doctor.ts';

const token = 'a-token-of-some-length';
const servers = new AsyncDisposableStack();
let guarded: LocalServer;
let open: LocalServer;

beforeAll(async () => {
  guarded = servers.use(await startLocalServer({ AUTH_TOKEN: token }));
  open = servers.use(await startLocalServer());
});
afterAll(() => servers.disposeAsync());

interface Examination {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The verdict of each check, the whole of what was printed, and the exit code. */
async function examine(url: string, { args = [], env = { BEDROCK_PROXY_TOKEN: token } }: Examination = {}) {
  const printed: string[] = [];
  const code = await runDoctor([url, ...args], env, (text) => printed.push(text));
  const output = printed.join('\n');
  const lines = [...output.matchAll(/^(ok|fail|skip) +(reachable|auth|cors|bad model|stream) +(.*)$/gm)];
  expect(output).not.toContain(token);
  return { code, output, verdicts: Object.fromEntries(lines.map(([, verdict, check]) => [check, verdict])) };
}

/** The emulator writes a word each 35 ms: ten of them tell as much as thirty. */
const tenWords = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 10,
  messages: [{ role: 'user', content: 'Count from one to thirty, in words.' }],
});

const well = { reachable: 'ok', auth: 'ok', cors: 'ok', 'bad model': 'ok', stream: 'ok' };

describe('a proxy that is well', () => {
  it.each([
    ['/', /stream +\d+ pieces one by one over \d+ ms, and the end/],
    ['/stream/bedrock', /stream +\d+ pieces one by one over \d+ ms, and the end/],
    ['/prod/bedrock', /stream +this front does not stream: one array, which reaches its end/],
    ['/http/bedrock', /stream +this front does not stream: one array, which reaches its end/],
  ])('is told so behind %s', async (path, stream) => {
    const { code, output, verdicts } = await examine(guarded.url + path, { args: ['--payload', tenWords] });
    expect(verdicts).toEqual(well);
    expect(output).toMatch(stream);
    expect(code).toBe(0);
  });

  it.each([
    ['global.amazon.nova-2-lite-v1:0', []],
    ['meta.llama3-1-70b-instruct-v1:0', []],
    ['amazon.titan-text-express-v1', ['--payload', '{"inputText":"Count from one to thirty, in words."}']],
  ])('is examined with another model: %s', async (model, payload) => {
    const { code, verdicts } = await examine(`${guarded.url}/`, { args: ['--model', model, ...payload] });
    expect(verdicts).toEqual(well);
    expect(code).toBe(0);
  });
});

describe('a proxy that is not well', () => {
  async function examineBehind(distortion: Distortion) {
    await using front = await startDistortingFront(`${guarded.url}/`, distortion);
    return await examine(front.url, { args: ['--payload', tenWords] });
  }

  it('because it is open to everyone', async () => {
    const { code, output, verdicts } = await examine(`${open.url}/`, { args: ['--payload', tenWords] });
    expect(verdicts).toEqual({ ...well, auth: 'fail' });
    expect(output).toMatch(/the URL is open.*\n +mend: set AUTH_TOKEN/);
    expect(code).toBe(1);
  });

  it('because a stream comes in one lump', async () => {
    const { code, output, verdicts } = await examineBehind({ inOneLump: true });
    expect(verdicts).toEqual({ ...well, stream: 'fail' });
    expect(output).toMatch(/pieces came in one lump\n +mend: set the Function URL’s invoke mode to RESPONSE_STREAM/);
    expect(code).toBe(1);
  });

  it('because a stream has no end', async () => {
    const { code, output, verdicts } = await examineBehind({ cutBefore: 'data: [DONE]' });
    expect(verdicts).toEqual({ ...well, stream: 'fail' });
    expect(output).toContain('200, and the answer has no end');
    expect(code).toBe(1);
  });

  it('because the front has CORS of its own', async () => {
    const { code, output, verdicts } = await examineBehind({ addedHeaders: { 'access-control-allow-origin': '*' } });
    expect(verdicts).toEqual({ ...well, cors: 'fail' });
    expect(output).toMatch(/name the origin twice \(\*, \*\).*\n +mend: turn the CORS of the Function URL or API off/);
    expect(code).toBe(1);
  });

  it('because preflights do not reach it', async () => {
    const { code, output, verdicts } = await examineBehind({ preflightStatus: 403 });
    expect(verdicts).toEqual({ ...well, cors: 'fail' });
    expect(output).toContain('answers permit *, preflights do not permit (403)');
    expect(code).toBe(1);
  });

  it.each([
    ['{"message":"Internal Server Error"}', 502, '502 without an error object'],
    [
      '{"error":{"code":"upstream_denied","message":"role arn:aws:iam::111122223333:role/x is denied","requestId":"1"}}',
      502,
      'gives more away than it should',
    ],
    [
      '{"error":{"code":"upstream_unavailable","message":"Bedrock is out of reach.","requestId":"1"}}',
      503,
      'see that the function reaches Bedrock',
    ],
  ])('because a bad model leads to %s', async (body, status, line) => {
    const { code, output, verdicts } = await examineBehind({ instead: { about: 'no-such-model', status, body } });
    expect(verdicts).toEqual({ ...well, 'bad model': 'fail' });
    expect(output).toContain(line);
    expect(code).toBe(1);
  });

  it.each([
    ['upstream_denied', 502, 'refused this role', 'grant the role bedrock:InvokeModel'],
    ['upstream_validation', 400, 'on-demand throughput isn’t supported', 'call the model through an inference profile'],
    ['a-new-code', 500, 'something new', 'see the log under request id abc'],
  ])('because the model is refused: %s', async (errorCode, status, message, mend) => {
    const body = JSON.stringify({ error: { code: errorCode, message, requestId: 'abc' } });
    const { code, output, verdicts } = await examineBehind({ instead: { about: '"stream":true', status, body } });
    expect(verdicts).toEqual({ ...well, stream: 'fail' });
    expect(output).toContain(mend);
    expect(code).toBe(1);
  });

  it('because a stream ends in an error', async () => {
    const error = '{"error":{"code":"upstream_truncated","message":"It was cut.","requestId":"abc"}}';
    await using front = await startDistortingFront(`${guarded.url}/`, { cutBefore: 'data: [DONE]' });
    await using error200 = await startDistortingFront(front.url, {
      instead: { about: '"stream":true', status: 200, body: `[{"content":"a"},${error}]` },
    });
    const { output, verdicts } = await examine(error200.url);
    expect(verdicts).toEqual({ ...well, stream: 'fail' });
    expect(output).toContain('ends in upstream_truncated: It was cut.');
  });

  it.each([
    ['{"message":"Missing Authentication Token"}', 403, 'POST to a resource of the API that has that method'],
    ['{"Message":"Forbidden"}', 403, 'needs both permissions'],
    ['{"message":"Not Found"}', 404, 'check stage and path'],
    ['{"message":"Internal server error"}', 500, 'a handler other than index.handler'],
    ['{"message":"Endpoint request timed out"}', 504, 'default of 3 seconds'],
    ['{"Reason":"ConcurrentInvocationLimitExceeded"}', 429, 'reserved concurrency'],
    ['', 401, 'a streaming bundle needs RESPONSE_STREAM'],
    ['<html>Welcome</html>', 200, 'check that this is the URL of the proxy'],
  ])('because AWS answers in its place: %s', async (body, status, mend) => {
    const { code, output, verdicts } = await examineBehind({ instead: { about: 'no JSON', status, body } });
    expect(verdicts).toEqual({ reachable: 'fail' });
    expect(output).toContain(mend);
    expect(code).toBe(1);
  });

  it.each([
    ['ip_not_allowed', 403, { reachable: 'ok', auth: 'fail' }, 'add it to ALLOWED_IPS'],
    ['auth_unavailable', 503, { reachable: 'ok', auth: 'fail' }, 'grant the role secretsmanager:GetSecretValue'],
    ['a-new-code', 418, { reachable: 'ok', auth: 'fail' }, 'an answer without sense: 418 a-new-code'],
    ['internal', 500, { reachable: 'fail' }, 'put the bundle behind the front that it is made for'],
  ])('because it answers strangers with %s', async (errorCode, status, verdictsThen, mend) => {
    const body = JSON.stringify({ error: { code: errorCode, message: 'No.', requestId: 'abc' } });
    const { code, output, verdicts } = await examineBehind({
      instead: { about: 'no JSON', status, body },
    });
    expect(verdicts).toMatchObject(verdictsThen);
    expect(verdicts).not.toHaveProperty('stream');
    expect(output).toContain(mend);
    expect(code).toBe(1);
  });

  it('because it hangs up, and examines the rest all the same', async () => {
    const { code, output, verdicts } = await examineBehind({ hangUpOn: 'no-such-model' });
    expect(verdicts).toEqual({ ...well, 'bad model': 'fail' });
    expect(output).toMatch(/bad model +no answer: .+\n +mend: run this again/);
    expect(code).toBe(1);
  });

  it('because nothing is there', async () => {
    const { code, output, verdicts } = await examine('http://127.0.0.1:9/');
    expect(verdicts).toEqual({ reachable: 'fail' });
    expect(output).toMatch(/nothing answers: .+\n +mend: check the URL/);
    expect(code).toBe(1);
  });

  it('because the path is taken', async () => {
    const { output, verdicts } = await examine(`${guarded.url}/v1/bedrock`);
    expect(verdicts).toEqual({ reachable: 'fail' });
    expect(output).toContain('use another path');
  });

  it('because the token is not known to it', async () => {
    const { code, verdicts, output } = await examine(`${guarded.url}/`, {
      env: { BEDROCK_PROXY_TOKEN: 'another-token-of-length' },
    });
    expect(verdicts).toEqual({ reachable: 'ok', auth: 'fail', cors: 'ok' });
    expect(output).toContain('the token is refused (401)');
    expect(output).not.toContain('another-token-of-length');
    expect(code).toBe(1);
  });
});

it('says what it could not examine without a token, and is not content', async () => {
  const { code, output, verdicts } = await examine(`${guarded.url}/`, { env: {} });
  expect(verdicts).toEqual({ reachable: 'ok', auth: 'skip', cors: 'ok' });
  expect(output).toContain('mend: set BEDROCK_PROXY_TOKEN');
  expect(code).toBe(1);
});

it('cannot tell how too few pieces come, and is not content', async () => {
  const payload = tenWords.replace('"max_tokens":10', '"max_tokens":1');
  const { code, output, verdicts } = await examine(`${guarded.url}/`, { args: ['--payload', payload] });
  expect(verdicts).toEqual({ ...well, stream: 'skip' });
  expect(output).toContain('too few to tell how they come');
  expect(code).toBe(1);
});

it('refuses a token that no header can carry, without printing it', async () => {
  const env = { BEDROCK_PROXY_TOKEN: 'zwölf Zeichen' };
  await expect(runDoctor(['http://localhost/'], env, () => {})).rejects.toThrow(
    'BEDROCK_PROXY_TOKEN holds what no header can carry: is it the token, and nothing else?',
  );
});

it('blots the token out where an answer repeats it', async () => {
  await using front = await startDistortingFront(`${guarded.url}/`, {
    instead: {
      about: '"stream":true',
      status: 500,
      body: `{"error":{"code":"internal","message":"${token}","requestId":"1"}}`,
    },
  });
  expect((await examine(front.url)).output).toContain('internal: [token]');
});

it('helps', async () => {
  const { code, output } = await examine('--help');
  expect(code).toBe(0);
  expect(output).toContain('npm run doctor -- URL');
});

it.each([
  [[], 'Give one URL; see npm run doctor -- --help.'],
  [['http://localhost/', 'http://localhost/'], 'Give one URL; see npm run doctor -- --help.'],
  [['localhost'], '"localhost" is no URL: give the one that clients POST to, with https://.'],
  [['ftp://localhost/'], '"ftp://localhost/" is no URL: give the one that clients POST to, with https://.'],
  [['http://proxy.example/'], 'Over http everybody on the way would read the token: give the https URL.'],
  [['https://me:secret@proxy.example/'], 'Leave name and password out of the URL.'],
  [['http://localhost/', '--modell', 'x'], "Unknown option '--modell'; see npm run doctor -- --help."],
  [['http://localhost/', '--model', 'x.y'], "Which request does x.y take? Give one with --payload '{…}'."],
  [['http://localhost/', '--payload', '[]'], '--payload is no JSON object.'],
  [['http://localhost/', '--payload', '{'], '--payload is no JSON object.'],
])('refuses %j in one sentence', async (args, message) => {
  await expect(runDoctor(args, {}, () => {})).rejects.toEqual(
    expect.objectContaining({ name: 'DeploymentError', message }),
  );
});

describe('as a script', () => {
  const main = 'deploy/src/doctor/main.ts';

  it('prints a line each, and ends with 0 for a proxy that is well', async () => {
    const { code, output, errors } = await runScript(main, [`${guarded.url}/`, '--payload', tenWords], {
      BEDROCK_PROXY_TOKEN: token,
    });
    expect(output.trimEnd().split('\n')).toHaveLength(5);
    expect(errors).toBe('');
    expect(code).toBe(0);
  });

  it('ends with 1 for one that is not', async () => {
    expect((await runScript(main, ['http://127.0.0.1:9/'])).code).toBe(1);
  });

  it('ends with one sentence and 1 for bad arguments', async () => {
    const errors = 'Give one URL; see npm run doctor -- --help.\n';
    expect(await runScript(main, [])).toEqual({ code: 1, output: '', errors });
  });
});
