import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { validateTemplate } from '../template-schema/validate-template.ts';
import { runScript } from '../testing/run-script.ts';
import { expiredToken, identity, startAws } from '../testing/start-aws.ts';
import type { AppOptions } from './app-options.ts';
import { fronts } from './app-options.ts';
import { stackNames } from './proxy-stack.ts';
import { readArguments } from './read-arguments.ts';
import { synthesize } from './synthesize.ts';

const main = 'deploy/src/app/main.ts';
// CDK's own validation takes seconds. The first test of the script still runs it.
vi.stubEnv('CDK_VALIDATION', 'false');

const folder = mkdtempSync(join(tmpdir(), 'cdk-out-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function optionsOf(...args: readonly string[]): AppOptions {
  const command = readArguments(['synth', ...args]);
  if (command.name !== 'synth') throw new Error('The command is not synth.');
  return command.options;
}

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

describe('npm run synth', () => {
  it('writes four templates and their assets without network, credentials or Region', async () => {
    const { code, output, errors } = await runScript(main, ['synth']);
    expect(errors).toBe('');
    expect(code).toBe(0);
    const templates = output.trimEnd().split('\n');
    expect(templates).toEqual([
      'deploy/cdk.out/BedrockProxyFunctionUrl.template.json',
      'deploy/cdk.out/BedrockProxyWebFunction.template.json',
      'deploy/cdk.out/BedrockProxyRestApi.template.json',
      'deploy/cdk.out/BedrockProxyRestApiStream.template.json',
    ]);
  });

  it.each(fronts)(
    'writes a template for %s that matches the CloudFormation schema, has its asset, and grants nothing by a wildcard',
    (front) => {
      const { templates } = synthesize([front], optionsOf(), {}, join(folder, front));
      const template = readJson(join(folder, front, templates[0] ?? ''));
      expect(validateTemplate(template)).toEqual([]);
      expect(Object.keys(template.Outputs)).toEqual(['Url', 'FunctionName', 'ReadToken']);

      const { files } = readJson(join(folder, front, `${stackNames[front]}.assets.json`));
      const zips = Object.values<{ source: { path: string } }>(files).filter(({ source }) =>
        source.path.endsWith('.zip'),
      );
      // CDK copies the code of a Web Function with a function of its own, which is a folder.
      expect(zips).toHaveLength(1);
      for (const { source } of zips) expect(existsSync(join(folder, front, source.path))).toBe(true);

      const policies = Object.entries<{ Type: string }>(template.Resources).filter(
        // The function that copies the code reads and writes the objects of two buckets.
        ([id, { Type }]) => Type === 'AWS::IAM::Policy' && !id.startsWith('CustomS3ObjectCopy'),
      );
      expect(policies).not.toEqual([]);
      expect(JSON.stringify(policies)).not.toMatch(/[*?]/);
    },
  );

  it('writes an assembly that the CDK CLI can read', async () => {
    const { folder: assembly } = synthesize(fronts, optionsOf(), {}, join(folder, 'all'));
    const { code, output } = await runScript('deploy/node_modules/aws-cdk/bin/cdk', ['ls', '--app', assembly], {
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      HOME: folder,
    });
    expect(output.trimEnd().split('\n').toSorted()).toEqual(Object.values(stackNames).toSorted());
    expect(code).toBe(0);
  });
});

describe('the command-line options', () => {
  it.each<[readonly string[], Partial<AppOptions>]>([
    [
      [],
      {
        models: ['global.anthropic.claude-haiku-4-5-20251001-v1:0'],
        auth: { generatedToken: true },
        hasFirewall: false,
      },
    ],
    [['--models', 'a.b, c.d,'], { models: [{ modelId: 'a.b' }, { modelId: 'c.d' }] }],
    [
      ['--models', 'eu.a.b@eu-west-1+eu-west-3'],
      { models: [{ modelId: 'eu.a.b', destinationRegions: ['eu-west-1', 'eu-west-3'] }] },
    ],
    [['--models', 'arn:x=eu.a.b+c.d'], { models: [{ modelId: 'arn:x', madeFrom: ['eu.a.b', 'c.d'] }] }],
    [['--every-model'], { models: 'every-model' }],
    [['--auth', 'iam'], { auth: { iam: true } }],
    [['--auth', 'none'], { auth: { allowAnonymous: true } }],
    [
      ['--auth', 'jwt', '--jwt-issuer', 'https://a.example', '--jwt-audience', 'b'],
      { auth: { jwt: { issuer: 'https://a.example', audience: 'b' } } },
    ],
    [['--cors-origins', 'off'], { corsOrigins: 'off' }],
    [
      ['--cors-origins', 'https://a.example,https://b.example'],
      { corsOrigins: ['https://a.example', 'https://b.example'] },
    ],
    [['--memory', '1024', '--timeout', '60'], { memorySize: 1_024, timeoutSeconds: 60 }],
    [['--concurrency', '32', '--max-environments', '4'], { concurrency: 32, maxEnvironments: 4 }],
    [['--bedrock-region', 'us-east-1', '--firewall'], { bedrockRegion: 'us-east-1', hasFirewall: true }],
  ])('reads %j', (args, options) => {
    expect(optionsOf(...args)).toMatchObject(options);
  });

  it('puts every option into the template', () => {
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:tokens-AbCdEf';
    const options = optionsOf(
      ...['--models', 'amazon.nova-lite-v1:0', '--auth', 'secret', '--secret-arn', secretArn, '--firewall'],
      ...['--alarm-topic', 'arn:aws:sns:eu-west-1:111122223333:topic', '--memory', '256', '--timeout', '20'],
      ...['--bedrock-region', 'us-east-1', '--cors-origins', 'https://a.example'],
    );
    const { templates } = synthesize(['rest-api'], options, { region: 'eu-west-1' }, join(folder, 'options'));
    const template = readJson(join(folder, 'options', templates[0] ?? ''));
    expect(validateTemplate(template)).toEqual([]);
    const [lambda] = Object.values<{ Type: string; Properties: object }>(template.Resources).filter(
      ({ Type }) => Type === 'AWS::Lambda::Function',
    );
    expect(lambda?.Properties).toMatchObject({
      MemorySize: 256,
      Timeout: 20,
      Environment: {
        Variables: {
          ALLOWED_MODELS: 'amazon.nova-lite-v1:0',
          AUTH_TOKENS_SECRET_ID: secretArn,
          BEDROCK_REGION: 'us-east-1',
          CORS_ALLOWED_ORIGINS: 'https://a.example',
          GATEWAY_TIMEOUT_MS: '20000',
          REQUIRE_AUTH: 'true',
        },
      },
    });
    const types = Object.values<{ Type: string }>(template.Resources).map(({ Type }) => Type);
    expect(types).toEqual(expect.arrayContaining(['AWS::WAFv2::WebACL', 'AWS::CloudWatch::Alarm']));
    expect(template.Outputs).not.toHaveProperty('ReadToken');
  });

  it.each([
    [
      'synth',
      ['lambda'],
      '"lambda" is not an endpoint: use one of function-url, web-function, rest-api, rest-api-stream.',
    ],
    ['deploy', [], 'Name one endpoint to deploy: function-url, web-function, rest-api, rest-api-stream.'],
    [
      'deploy',
      ['rest-api', 'function-url'],
      'Name one endpoint to deploy: function-url, web-function, rest-api, rest-api-stream.',
    ],
    ['deploy', ['function-url', '--model', 'x'], "Unknown option '--model'; see --help."],
    [
      'deploy',
      ['function-url', '--firewall'],
      'AWS WAF does not support Function URLs: omit --firewall or deploy a REST API.',
    ],
    [
      'deploy',
      ['web-function', '--firewall'],
      'AWS WAF does not support Web Functions: omit --firewall or deploy a REST API.',
    ],
    ['deploy', ['web-function', '--memory', '1024'], 'A Web Function always has 2 GB of memory: omit --memory.'],
    [
      'deploy',
      ['function-url', '--concurrency', '8'],
      'Only a Web Function has --concurrency and --max-environments: omit them.',
    ],
    [
      'deploy',
      ['rest-api', '--max-environments', '8'],
      'Only a Web Function has --concurrency and --max-environments: omit them.',
    ],
    ['synth', ['--auth', 'password'], '--auth must be token, secret, iam, jwt or none, not "password".'],
    ['synth', ['--auth', 'secret'], '--auth secret requires --secret-arn.'],
    [
      'synth',
      ['--auth', 'secret', '--secret-arn', 'tokens'],
      '--secret-arn must be the complete ARN of a secret, not "tokens".',
    ],
    ['synth', ['--auth', 'jwt'], '--auth jwt requires --jwt-issuer and --jwt-audience.'],
    ['synth', ['--alarm-topic', 'topic'], '--alarm-topic must be the complete ARN of an SNS topic, not "topic".'],
    ['synth', ['--memory', '1 GB'], '--memory must be a whole number, not "1 GB".'],
    ['synth', ['--every-model', '--models', 'a.b'], 'Use --models or --every-model, not both.'],
  ])('refuses %s %j with one sentence', (name, args, message) => {
    expect(() => readArguments([name, ...args])).toThrow(expect.objectContaining({ name: 'DeploymentError', message }));
  });
});

describe('npm run deploy', () => {
  it.each<[readonly string[], string]>([
    [
      ['functionurl'],
      '"functionurl" is not an endpoint: use one of function-url, web-function, rest-api, rest-api-stream.\n',
    ],
    [['function-url', '--timeout', '901'], 'timeout must be a whole number from 5 to 900 seconds, not 901.\n'],
    [['function-url'], 'No AWS Region is set: pass --region or set AWS_REGION.\n'],
  ])('refuses %j with one sentence and exit code 1', async (args, errors) => {
    expect(await runScript(main, ['deploy', ...args])).toEqual({ code: 1, output: '', errors });
  });

  it('prints the target, runs CDK and ends with its exit code', async () => {
    const asked: string[] = [];
    await using sts = await startAws((request) => {
      asked.push(`${request.headers.authorization}`);
      return asked.length === 1 ? { status: 200, body: identity } : { status: 403, body: expiredToken };
    });
    const { code, output, errors } = await runScript(main, ['deploy', 'function-url'], {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL: sts.url,
      CDK_VALIDATION: 'false',
      HOME: folder,
    });
    expect(asked[0]).toContain('/eu-west-1/sts/');
    expect(output).toContain(
      'Deploying function-url to eu-west-1, account 111122223333, for global.anthropic.claude-haiku-4-5-20251001-v1:0.',
    );
    expect(asked.length).toBeGreaterThan(1);
    expect(errors).toContain('npm run deploy -- bootstrap --region eu-west-1');
    expect(code).toBe(1);
  });

  it('prints its help', async () => {
    const { code, output } = await runScript(main, ['deploy', '--help']);
    expect(code).toBe(0);
    expect(output).toContain('npm run deploy -- ENDPOINT');
  });
});
