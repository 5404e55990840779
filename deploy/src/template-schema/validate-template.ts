import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { validateObject } from './validate-object.ts';

/** The part of a CloudFormation template that is validated. */
export interface ResourceTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Types that CDK has, and its schemas do not have yet. CDK checks their properties itself. */
export const typesWithoutSchema = [
  'AWS::Lambda::WebFunction',
  'AWS::Lambda::WebFunctionRevision',
  'AWS::Lambda::WebFunctionEndpoint',
];

/** Loaded once, because loading takes half a second. */
const spec = loadAwsServiceSpecSync();

/**
 * Checks every resource of a template against the CloudFormation schema of its type. A custom resource has none.
 *
 * @returns one line for each unknown resource type, and for each property that is unknown, missing, or has a wrong type
 *   or value
 */
export function validateTemplate({ Resources }: ResourceTemplate): readonly string[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const [schema] = spec.lookup('resource', 'cloudFormationType', 'equals', Type);
    if (schema === undefined) {
      const hasSchema = !Type.startsWith('Custom::') && !typesWithoutSchema.includes(Type);
      return hasSchema ? [`${id}: ${Type} is not a resource type`] : [];
    }
    return validateObject(`${id} (${Type})`, Properties, schema.properties, spec);
  });
}
