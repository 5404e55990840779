import type { Property, PropertyType, SpecDatabase } from '@aws-cdk/service-spec-types';

/** Checks an object of a template against its schema. Returns one line for each invalid property. */
export function validateObject(
  where: string,
  value: object,
  properties: Readonly<Record<string, Property>>,
  spec: SpecDatabase,
): readonly string[] {
  const given = Object.entries(value);
  const missing = Object.entries(properties)
    .filter(([name, { required }]) => required === true && !(name in value))
    .map(([name]) => `${where}.${name} is missing`);
  return [
    ...missing,
    ...given.flatMap(([name, member]) => {
      const property = properties[name];
      return property === undefined
        ? [`${where}.${name} is unknown`]
        : validateValue(`${where}.${name}`, member, property.type, spec);
    }),
  ];
}

/** Checks one value. Accepts every intrinsic function, because its result is unknown here. */
function validateValue(where: string, value: unknown, type: PropertyType, spec: SpecDatabase): readonly string[] {
  if (isIntrinsic(value)) return [];
  const wrong = [`${where} must be of type ${type.type}, not ${JSON.stringify(value)}`];
  switch (type.type) {
    case 'json':
      return [];
    case 'array':
      if (!Array.isArray(value)) return wrong;
      return value.flatMap((item, index) => validateValue(`${where}[${index}]`, item, type.element, spec));
    case 'map':
      if (!isObject(value)) return wrong;
      return Object.entries(value).flatMap(([key, item]) => validateValue(`${where}.${key}`, item, type.element, spec));
    case 'ref':
      if (!isObject(value)) return wrong;
      return validateObject(where, value, spec.get('typeDefinition', type.reference).properties, spec);
    case 'union': {
      const [first = [], ...others] = type.types.map((one) => validateValue(where, value, one, spec));
      return others.reduce((fewest, lines) => (lines.length < fewest.length ? lines : fewest), first);
    }
    case 'string':
      return typeof value === 'string' && isAllowed(value, type.allowedValues) ? [] : wrong;
    case 'integer':
      return Number.isInteger(value) && isAllowed(Number(value), type.allowedValues) ? [] : wrong;
    case 'number':
      return typeof value === 'number' ? [] : wrong;
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong;
    case 'date-time':
      return typeof value === 'string' ? [] : wrong;
    case 'null':
      return value === null ? [] : wrong;
    case 'tag':
      return isObject(value) && typeof value['Key'] === 'string' && 'Value' in value ? [] : wrong;
  }
}

function isAllowed<Value>(value: Value, allowed: readonly Value[] | undefined): boolean {
  return allowed === undefined || allowed.length === 0 || allowed.includes(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIntrinsic(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [key = '', ...others] = Object.keys(value);
  return others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
}
