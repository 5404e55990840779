import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { judgeObject } from './judge-object.ts';

/** As much of a CloudFormation template as its resources' schemas speak of. */
export interface ResourceTemplate {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Reading it takes half a second. */
const spec = loadAwsServiceSpecSync();

/**
 * Holds every resource of a template against CloudFormation's own schema of its type.
 *
 * @returns a line for each property that is unknown, missing, or of the wrong type or value
 */
export function judgeTemplate({ Resources }: ResourceTemplate): readonly string[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) => {
    const [schema] = spec.lookup('resource', 'cloudFormationType', 'equals', Type);
    if (schema === undefined) return [`${id}: ${Type} is no type of resource`];
    return judgeObject(`${id} (${Type})`, Properties, schema.properties, spec);
  });
}
