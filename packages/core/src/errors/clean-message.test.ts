import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleaningPatterns, cleanMessage } from './clean-message.js';

const jwt = 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLWNhbmFyeQ';
const sessionToken = 'IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJGMEQCIBcanary0123456789abcdefXYZ==';
const signature = 'd6c7f0b2a1e9484c8b3f5a6d7e8f90123456789abcdef0123456789abcdef012';

/** Messages of Bedrock or of a host in front of it, each with the details that a client must not see. */
const canaries: readonly (readonly [message: string, ...canaries: string[]])[] = [
  [
    'User: arn:aws:sts::111122223333:assumed-role/ProxyRole/session-7 is not authorized to perform: bedrock:InvokeModel',
    '111122223333',
    'ProxyRole',
    'session-7',
  ],
  ['Access to arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2 is denied', 'arn:aws'],
  [
    'The ARN arn:aws-cn:bedrock:cn-north-1:444455556666:provisioned-model/abcdefghijkl is invalid.',
    'arn:aws-cn',
    '444455556666',
    'abcdefghijkl',
  ],
  [
    'Profile "arn:aws-us-gov:bedrock:us-gov-west-1:777788889999:inference-profile/us-gov.x" not found',
    'arn:aws-us-gov',
    '777788889999',
  ],
  ['arn:aws-iso:bedrock:us-iso-east-1:111122223333:custom-model/m/abcdefghijkl (iso)', 'arn:aws-iso', 'us-iso-east-1'],
  ['bad: arn:aws-iso-b:iam::111122223333:role/Ops;', 'arn:aws-iso-b', 'Ops'],
  ['bad: arn:aws-iso-e:iam::111122223333:role/Ops,', 'arn:aws-iso-e', 'Ops'],
  ['bad: arn:aws-iso-f:iam::111122223333:role/Ops)', 'arn:aws-iso-f', 'Ops'],
  ['bad: arn:aws-eusc:iam::111122223333:user/Bob}', 'arn:aws-eusc', 'Bob'],
  ['Account 123456789012 has no access.', '123456789012'],
  ['No access for account 123456789012', '123456789012'],
  ['Account 1234-5678-9012 is suspended', '1234-5678-9012'],
  ['Bucket logs-123456789012-eu is missing', '123456789012'],
  ['Could not reach bedrock-runtime.eu-west-1.amazonaws.com:443', 'bedrock-runtime.eu-west-1', 'amazonaws'],
  ['Could not reach bedrock-runtime.cn-north-1.amazonaws.com.cn.', 'cn-north-1', 'amazonaws'],
  [
    'host vpce-0a1b2c3d4e5f6a7b8-abcd1234.bedrock-runtime.us-east-1.vpce.amazonaws.com failed',
    'vpce-0a1b2c3d4e5f6a7b8',
    'abcd1234',
  ],
  ['endpoint vpce-0a1b2c3d4e5f6a7b8 is not ready', 'vpce-0a1b2c3d4e5f6a7b8'],
  ['upstream ip-10-0-12-34.ec2.internal refused', 'ip-10-0-12-34', 'ec2.internal'],
  ['proxy egress.corp.internal:3128 said no', 'egress.corp'],
  ['function abcdefgh.lambda-url.us-east-1.on.aws', 'abcdefgh'],
  ['bedrock.us-east-1.api.aws did not answer', 'us-east-1.api'],
  ['could not reach llm-gw.example.net', 'llm-gw', 'example'],
  ['could not reach Inference.Acme.IO:8443.', 'Inference', 'Acme', '8443'],
  ['upstream models.acme.co.uk said no', 'models', 'acme'],
  ['upstream gateway.acme-prod:8443 said no', 'gateway', 'acme-prod', '8443'],
  ['upstream vllm.models.svc.cluster.local:80 said no', 'vllm', 'cluster'],
  ['connect to localhost:8080 failed', 'localhost', '8080'],
  ['Authorization: Basic dXNlcjpwYXNz was sent', 'dXNlcjpwYXNz'],
  ['connect to 10.20.30.40:443 failed', '10.20.30.40'],
  ['from 203.0.113.77.', '203.0.113.77'],
  ['connect to 2001:db8:85a3::8a2e:370:7334 failed', '2001:db8', '7334'],
  ['connect to [fd00:ec2::254]:80 failed', 'fd00:ec2'],
  ['connect to ::ffff:10.1.2.3.', '10.1.2.3'],
  ['from fe80::1%eth0', 'fe80'],
  ['The key AKIAIOSFODNN7EXAMPLE is not valid', 'AKIAIOSFODNN7EXAMPLE'],
  ['The key ASIAIOSFODNN7EXAMPLE has expired', 'ASIAIOSFODNN7EXAMPLE'],
  ['principal AROAEXAMPLEID12345678:alice@example.com', 'AROAEXAMPLEID12345678', 'alice'],
  ['key ABSKQmVkcm9ja0FQSUtleS1jYW5hcnk= is revoked', 'ABSKQmVkcm9ja0FQSUtleS1jYW5hcnk'],
  ['bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29tLz9BY3Rpb24 is expired', 'YmVkcm9jay5hbWF6b25hd3MuY29tLz9BY3Rpb24'],
  [`Token ${sessionToken} is expired`, sessionToken.slice(0, 20), sessionToken.slice(-20)],
  ['secret wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY was sent', 'wJalrXUtnFEMI', 'bPxRfiCYEXAMPLEKEY'],
  ['aws_session_token=canary-1', 'canary-1'],
  ['"SessionToken": "canary-2"', 'canary-2'],
  ['x-amz-security-token: canary-3', 'canary-3'],
  ['Authorization: Bearer sk-canary-4', 'sk-canary-4'],
  ['the header was "bearer canary5canary5"', 'canary5canary5'],
  [`the token ${jwt} is not accepted`, 'eyJhbGci', 'c2lnbmF0dXJl'],
  [
    `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    'AKIAIOSFODNN7EXAMPLE',
    '20261123',
    signature,
  ],
  [`The signature ${signature} does not match`, signature],
  [`X-Amz-Signature=${signature}&X-Amz-Date=20261123T000000Z`, signature],
  ['assumed-role/AdminRole/bob@example.com may not', 'AdminRole', 'bob'],
  ['The role AWSReservedSSO_Admins_0123456789abcdef has no rights', 'Admins', '0123456789abcdef'],
  ['could not read s3://secret-bucket/path/file.json', 'secret-bucket', 'file.json'],
  ['could not read https://secret-bucket.s3.amazonaws.com/k?X-Amz-Signature=abc', 'secret-bucket', 'abc'],
  ['boom\n    at Object.parse (/var/task/index.mjs:10:5)\n    at main', 'Object.parse', '/var/task'],
  ['boom at Object.parse (file:///var/task/index.mjs:10:5)', 'Object.parse', '/var/task'],
  ['boom\n\tat com.amazon.coral.service.Chain.run(Chain.java:123)', 'coral', 'Chain'],
  ['boom\r\n   at async handler (node:internal/process/task_queues:95:5)', 'task_queues'],
  ['boom Traceback (most recent call last): File "/opt/x.py", line 3', '/opt/x.py', 'line 3'],
  ['cannot open /opt/ml/model/weights.bin', 'weights.bin'],
  ['subnet-0123456789abcdef0 and sg-0123456789abcdef0 of vpc-0123456789abcdef0', '0123456789abcdef0'],
];

const useful: readonly string[] = [
  'max_tokens: must be greater than or equal to 1',
  'messages.0.content.3.tool_use.input: Input should be a valid dictionary',
  'The maximum tokens you requested exceeds the model limit of 8192. Try again with a maximum tokens value that is lower than 8192.',
  'Invocation of model ID anthropic.claude-sonnet-4-5-20250929-v1:0 with on-demand throughput isn’t supported.',
  'amazon.nova-pro-v1:0:300k is unsupported for streaming.',
  'us-gov.anthropic.claude-3-5-sonnet-20240620-v1:0 is not here; use mistral.mistral-large-3-675b-instruct.',
  'input length and `max_tokens` exceed context limit: 199999 + 4096 > 200000, decrease input length',
  'Malformed input request: #/messages/0/content/3/toolResult/content/0/image: extraneous key [stream] is not permitted',
  'messages: roles must alternate between "user" and "assistant", or user/assistant at 12:30:45',
  'temperature: range: 0..1, top_p 0.999, see thinking.budget_tokens: 1024',
  'metadata.user.id and tools.0.custom.input_schema.properties.is: not allowed, see messages.12.content.0.to',
  'cohere.embed-english-v3:0:512 and moonshotai.kimi-k2.5 and zai.glm-4.7-flash, e.g. amazon.nova-lite-v1:0:24k',
  'system.0.cache_control.ttl: 5m or 1h; top_p:1024 and thinking.budget_tokens:1024',
  'Expected Type: Integer; found: String at $.textGenerationConfig.maxTokenCount',
];

describe('cleanMessage', () => {
  it.each(canaries)('removes the details of: %s', (message, ...hidden) => {
    for (const canary of hidden) {
      expect(message).toContain(canary);
      expect(cleanMessage(message)).not.toContain(canary);
    }
  });

  it.each(canaries)('keeps the text before: %s', (message, ...hidden) => {
    const framed = cleanMessage(`max_tokens is wrong. ${message}`);
    expect(framed).toMatch(/^max_tokens is wrong\./);
    for (const canary of hidden) expect(framed).not.toContain(canary);
  });

  it.each(useful)('returns unchanged: %s', (message) => {
    expect(cleanMessage(message)).toBe(message);
  });

  it('cuts a message at 600 characters, but never inside a character', () => {
    expect(cleanMessage('word '.repeat(500))).toHaveLength(600);
    expect(cleanMessage(`${'x y '.repeat(149)}abc😀`)).toMatch(/ abc$/);
  });

  it('reads only the first 2,048 characters, and no part of a word', () => {
    expect(cleanMessage(`${'[url] https://a/b '.repeat(113)} AKIAIOSFODNN7EXAMPLE`)).not.toContain('AKIA');
    expect(cleanMessage(`${' '.repeat(2_040)}AKIAIOSFODNN7EXAMPLE`)).toBe('');
  });

  it.each([
    ...['a', '.', '-', ':', '0', '/', '(', '=', '@', '::', '1.', 'a.', 'a-', 'a@', '1-1-', 'a.b-'],
    ...[' at ', ' at a.', 'eyJ', 'arn:', 'x-amz-a', '.a.x-amz-', 'role/', 'ip-1-', 'AKIA', 'bearer '],
    ...['AWS4-A', 'AWS4-HMAC-SHA256 ', 'AWS4-HMAC-SHA256 Signature'],
  ])('takes less than 400 ms for a megabyte of %j', (unit) => {
    const before = process.cpuUsage();
    cleanMessage(unit.repeat(1_000_000 / unit.length));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(400);
  });
});

/** Milliseconds of processor time. */
function costOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Words that the patterns begin with, and characters that they repeat. */
const words = [
  ...['a', 'A', '1', '.', '-', '_', ':', '=', '/', '@', '%', '+', '#', '(', ')', '"', ',', ' ', '\n', '\t'],
  ...['x-amz-', 'authorization', 'bearer', 'basic', 'eyJ', 'AKIA', 'ABSK', 'AWS4-HMAC-SHA256', 'Signature', 'token'],
  ...['arn:', 'role/', 'ip-1-', ' at ', ' at a(', 'Traceback', '::', 'a.', 'a@', '.com', 'i-', '/var/', 'http://'],
];

it('every pattern takes linear time for repeated text', () => {
  const unit = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(unit, fc.constantFrom(...words, ''), (repeated, last) => {
      const text = repeated.repeat(Math.ceil(40_000 / repeated.length)) + last;
      for (const pattern of cleaningPatterns) {
        expect([pattern, costOf(() => text.replace(pattern, '')) < 200]).toEqual([pattern, true]);
      }
    }),
  );
});

it.each([
  ['a key that repeats', 'x-amz-'.repeat(20_000)],
  ['blanks', ' '.repeat(8_000)],
  ['blanks after a word', `authorization${' '.repeat(8_000)}`],
  ['hyphens', 'a-'.repeat(20_000)],
])('cleanMessage takes less than 20 ms for %s', (_, text) => {
  cleanMessage('warm');
  expect(costOf(() => cleanMessage(text))).toBeLessThan(20);
  expect(costOf(() => cleanMessage(`The value ${text} is not valid.`))).toBeLessThan(20);
});
