import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { validateTemplate } from '../template-schema/validate-template.ts';
import { runScript } from '../testing/run-script.ts';
import { expiredToken, identity, startAws } from '../testing/start-aws.ts';
import { type AppOptions, type Front, fronts } from './app-options.ts';
import { doctorCommand } from './doctor-command.ts';
import { stackName } from './proxy-stack.ts';
import { readArguments } from './read-arguments.ts';
import { synthesize } from './synthesize.ts';
import { warningsOf } from './warnings-of.ts';

const main = 'deploy/src/app/main.ts';
// CDK's own validation takes seconds. The first test of the script still runs it.
vi.stubEnv('CDK_VALIDATION', 'false');

const folder = mkdtempSync(join(tmpdir(), 'cdk-out-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const aliasFile = join(folder, 'aliases.json');
writeFileSync(aliasFile, '{"fast":"amazon.nova-lite-v1:0"}');
const listFile = join(folder, 'list.json');
writeFileSync(listFile, '[]');
const brokenFile = join(folder, 'broken.json');
writeFileSync(brokenFile, '{');

function optionsOf(...args: readonly string[]): AppOptions {
  const command = readArguments(['synth', ...args]);
  if (command.name !== 'synth') throw new Error('The command is not synth.');
  return command.options;
}

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

describe('npm run synth', () => {
  it('writes four templates and their assets without network, credentials or Region', async () => {
    const { code, output, errors } = await runScript(main, ['synth']);
    expect(errors).toBe(
      'warning: Nothing limits the cost but the concurrency of your account: --concurrency 10 allows ten requests at once.\n' +
        'warning: Nothing limits the cost but the quota of your account: --max-environments 2 allows two processes.\n',
    );
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

      const { files } = readJson(join(folder, front, `${stackName(front)}.assets.json`));
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
    expect(output.trimEnd().split('\n').toSorted()).toEqual(fronts.map((front) => stackName(front)).toSorted());
    expect(code).toBe(0);
  });
});

describe('the command-line options', () => {
  it.each<[readonly string[], Partial<AppOptions>]>([
    [
      [],
      {
        models: ['global.amazon.nova-2-lite-v1:0', 'global.anthropic.claude-haiku-5-5'],
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
    [['--aliases', aliasFile], { models: [], aliases: { fast: 'amazon.nova-lite-v1:0' } }],
    [['--aliases', aliasFile, '--models', 'a.b'], { models: [{ modelId: 'a.b' }] }],
    [['--auth', 'iam'], { auth: { iam: true } }],
    [['--auth', 'none'], { auth: { allowAnonymous: true } }],
    [
      ['--auth', 'jwt', '--jwt-issuer', 'https://a.example', '--jwt-audience', 'b'],
      { auth: { jwt: { issuer: 'https://a.example', audience: 'b' } } },
    ],
    [
      ['--guardrail', 'a:1, b:2', '--guardrail-exempts-tokens', '--guardrail-key', 'k'],
      { guardrail: { pinned: 'a:1', ofTokens: ['b:2'], exemptsTokens: true, keyArn: 'k' } },
    ],
    [['--cors-origins', 'off'], { corsOrigins: 'off' }],
    [
      ['--cors-origins', 'https://a.example,https://b.example'],
      { corsOrigins: ['https://a.example', 'https://b.example'] },
    ],
    [['--memory', '1024', '--timeout', '60'], { memorySize: 1_024, timeoutSeconds: 60 }],
    [['rest-api', '--bedrock-region', 'us-east-1', '--firewall'], { bedrockRegion: 'us-east-1', hasFirewall: true }],
    [['--concurrency', '0', '--name', 'Team-A'], { concurrency: 0, name: 'Team-A' }],
    [['--process-concurrency', '32', '--max-environments', '4'], { processConcurrency: 32, maxEnvironments: 4 }],
    [
      ['--env', 'LOG_LEVEL=warn', '--env', 'MODEL_ALIASES={"a":"b=c"}'],
      { environment: { LOG_LEVEL: 'warn', MODEL_ALIASES: '{"a":"b=c"}' } },
    ],
  ])('reads %j', (args, options) => {
    expect(optionsOf(...args)).toMatchObject(options);
  });

  it('puts every option into the template', () => {
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:tokens-AbCdEf';
    const options = optionsOf(
      ...['--aliases', aliasFile],
      ...['rest-api', '--concurrency', '7', '--env', 'LOG_LEVEL=warn', '--name', 'Team'],
      ...['--models', 'amazon.nova-lite-v1:0', '--auth', 'secret', '--secret-arn', secretArn, '--firewall'],
      ...['--alarm-topic', 'arn:aws:sns:eu-west-1:111122223333:topic', '--memory', '256', '--timeout', '20'],
      ...['--bedrock-region', 'us-east-1', '--cors-origins', 'https://a.example'],
    );
    const { templates } = synthesize(['rest-api'], options, { region: 'eu-west-1' }, join(folder, 'options'));
    expect(templates).toEqual(['TeamRestApi.template.json']);
    const template = readJson(join(folder, 'options', templates[0] ?? ''));
    expect(validateTemplate(template)).toEqual([]);
    const [lambda] = Object.values<{ Type: string; Properties: object }>(template.Resources).filter(
      ({ Type }) => Type === 'AWS::Lambda::Function',
    );
    expect(lambda?.Properties).toMatchObject({
      ReservedConcurrentExecutions: 7,
      MemorySize: 256,
      Timeout: 20,
      Environment: {
        Variables: {
          ALLOWED_MODELS: 'amazon.nova-lite-v1:0,@fast',
          MODEL_ALIASES: '{"fast":"amazon.nova-lite-v1:0"}',
          AUTH_TOKENS_SECRET_ID: secretArn,
          BEDROCK_REGION: 'us-east-1',
          CORS_ALLOWED_ORIGINS: 'https://a.example',
          GATEWAY_TIMEOUT_MS: '20000',
          LOG_LEVEL: 'warn',
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
      'AWS WAF does not support Function URLs: omit --firewall, or name a REST API.',
    ],
    ['synth', ['--firewall'], 'AWS WAF does not support Function URLs: omit --firewall, or name a REST API.'],
    ['deploy', ['diff'], 'Name one endpoint to diff: function-url, web-function, rest-api, rest-api-stream.'],
    [
      'deploy',
      ['destroy', 'all'],
      '"all" is not an endpoint: use one of function-url, web-function, rest-api, rest-api-stream.',
    ],
    ['synth', ['--env', 'LOG_LEVEL'], '--env must have the form NAME=VALUE, such as LOG_LEVEL=warn, not "LOG_LEVEL".'],
    [
      'synth',
      ['--name', '1st'],
      '--name must begin with a letter and have only letters, digits and hyphens, not "1st".',
    ],
    [
      'deploy',
      ['web-function', '--firewall'],
      'AWS WAF does not support Web Functions: omit --firewall, or name a REST API.',
    ],
    [
      'deploy',
      ['web-function', '--concurrency', '8'],
      'A Web Function has --process-concurrency and --max-environments, not --concurrency.',
    ],
    ['deploy', ['web-function', '--memory', '1024'], 'A Web Function always has 2 GB of memory: omit --memory.'],
    [
      'deploy',
      ['function-url', '--process-concurrency', '8'],
      'Only a Web Function has --process-concurrency and --max-environments: omit them.',
    ],
    [
      'deploy',
      ['rest-api', '--max-environments', '8'],
      'Only a Web Function has --process-concurrency and --max-environments: omit them.',
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
    ['synth', ['--guardrail-key', 'k'], '--guardrail-exempts-tokens and --guardrail-key require --guardrail.'],
    ['synth', ['--memory', '1 GB'], '--memory must be a whole number, not "1 GB".'],
    ['synth', ['--every-model', '--models', 'a.b'], 'Use --models or --every-model, not both.'],
    ['synth', ['--aliases', '/no/file'], '--aliases: /no/file cannot be read (ENOENT).'],
    ['synth', ['--aliases', listFile], `--aliases: ${listFile} must hold a JSON object: {"name": "model id"}.`],
    ['synth', ['--aliases', brokenFile], expect.stringContaining(`--aliases: ${brokenFile} is not JSON: `)],
  ])('refuses %s %j with one sentence', (name, args, message) => {
    expect(() => readArguments([name, ...args])).toThrow(expect.objectContaining({ name: 'DeploymentError', message }));
  });
});

describe('the warnings', () => {
  const warned = (front: Front, region: string, ...args: string[]) =>
    warningsOf(front, optionsOf('--concurrency', '5', ...args), region);

  it('name a Region without Function URLs, a timeout above the quota, and a missing brake on the cost', () => {
    expect(warned('function-url', 'eu-central-2')).toEqual([
      expect.stringContaining('no Function URLs in eu-central-2'),
    ]);
    expect(warned('rest-api', 'eu-west-1', '--timeout', '900')).toEqual([
      expect.stringContaining('a timeout of 900 s'),
    ]);
    expect(warningsOf('function-url', optionsOf(), 'eu-west-1')).toEqual([expect.stringContaining('--concurrency 10')]);
    expect(warned('web-function', 'eu-west-1')).toEqual([expect.stringContaining('--max-environments 2')]);
  });

  it('are none for options that work', () => {
    expect(warned('function-url', 'eu-west-1', '--timeout', '900')).toEqual([]);
    expect(warned('rest-api-stream', 'eu-central-2', '--timeout', '900')).toEqual([]);
    expect(warned('rest-api', 'eu-west-1', '--timeout', '29')).toEqual([]);
    expect(warned('web-function', 'eu-west-1', '--max-environments', '4')).toEqual([]);
  });
});

describe('the command after a deployment', () => {
  const url = 'https://abc.lambda-url.eu-west-1.on.aws/';
  const outputs = (more = {}) => JSON.stringify({ BedrockProxyFunctionUrl: { Url: url, FunctionName: 'f', ...more } });

  it('reads the token, and checks the first model', () => {
    expect(doctorCommand(outputs({ ReadToken: 'aws secretsmanager …' }), optionsOf())).toBe(
      `BEDROCK_PROXY_TOKEN=$(aws secretsmanager …) npm run doctor -- ${url} --model global.amazon.nova-2-lite-v1:0`,
    );
  });

  it('needs no token for an open proxy, and no model for all of them', () => {
    expect(doctorCommand(outputs(), optionsOf('--auth', 'none', '--every-model'))).toBe(`npm run doctor -- ${url}`);
    expect(doctorCommand(outputs(), optionsOf('--auth', 'iam', '--models', 'a.b-1'))).toBe(
      `BEDROCK_PROXY_TOKEN=… npm run doctor -- ${url} --model a.b-1`,
    );
  });
});

describe('npm run deploy', () => {
  it.each([['diff'], ['destroy']] as const)('%s names an action for one endpoint', (action) => {
    expect(readArguments(['deploy', action, 'rest-api', '--region', 'eu-west-1'])).toMatchObject({
      name: action,
      front: 'rest-api',
      region: 'eu-west-1',
    });
  });

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
      'Deploying function-url to eu-west-1, account 111122223333, for global.amazon.nova-2-lite-v1:0, global.anthropic.claude-haiku-5-5.',
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
