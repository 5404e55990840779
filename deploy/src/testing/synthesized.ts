import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, expect } from 'vitest';
import { judgeTemplate } from '../template-schema/judge-template.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file that stands for a bundle: constructs name it, and do not look inside. */
export const anyBundle = join(folder, 'bundle.zip');
writeFileSync(anyBundle, 'a bundle');

const env = { account: '111122223333', region: 'eu-west-1' };

/** The template of a stack that holds what `build` puts into it; each resource has passed its schema. */
export function synthesized(build: (stack: Stack) => void): Template {
  const app = new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    outdir: join(folder, 'out'),
  });
  const stack = new Stack(app, 'Stack', { env });
  build(stack);
  const template = Template.fromStack(stack);
  const json = template.toJSON();
  expect(judgeTemplate({ Resources: json['Resources'] })).toEqual([]);
  return template;
}

/** The variables of the one function of a template. */
export function environmentOf(template: Template): Readonly<Record<string, unknown>> {
  const [lambda] = Object.values(template.findResources('AWS::Lambda::Function'));
  return lambda?.['Properties'].Environment.Variables;
}

/** The statements of the function's role. */
export function statementsOf(template: Template): readonly { readonly Action: unknown; readonly Resource: unknown }[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
}
