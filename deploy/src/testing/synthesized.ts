import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, expect } from 'vitest';
import { validateTemplate } from '../template-schema/validate-template.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file in place of a bundle. Constructs do not read its content. */
export const anyBundle = join(folder, 'bundle.zip');
writeFileSync(anyBundle, 'a bundle');

const env = { account: '111122223333', region: 'eu-west-1' };

/**
 * Creates a stack with the constructs of `build` and returns its template. Fails if the template violates its schema.
 */
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
  expect(validateTemplate({ Resources: json['Resources'] })).toEqual([]);
  return template;
}

/** The environment variables of the only function of a template. */
export function environmentOf(template: Template): Readonly<Record<string, unknown>> {
  const [lambda] = Object.values(template.findResources('AWS::Lambda::Function'));
  return lambda?.['Properties'].Environment?.Variables ?? {};
}

/** The policy statements of all roles of a template. */
export function statementsOf(template: Template): readonly { readonly Action: unknown; readonly Resource: unknown }[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
}
