const longest = 2048;
const arn = /^arn:[^:/]+:(?:bedrock|sagemaker):[^:/]*:[^:/]*:([\s\S]+)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
const control = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Whether `id` can name a model: an id, an inference-profile id, or an ARN of bedrock or sagemaker. Bedrock's own pattern lets
 * `..` through, which would change the path of the request; what passes here can only be one segment of it.
 */
export function isModelId(id: string): boolean {
  if (id.length > longest || control.test(id) || !id.isWellFormed() || id.includes('..')) return false;
  if (!id.startsWith('arn:')) return !id.includes('/') && hasNoEmptySegment(id, /[.:]/);
  const resource = arn.exec(id)?.[1];
  return resource !== undefined && hasNoEmptySegment(resource, /[/:]/);
}

function hasNoEmptySegment(id: string, separator: RegExp): boolean {
  return id.split(separator).every((segment) => segment.trim() !== '' && segment !== '.');
}

const vendors = [
  'ai21',
  'amazon',
  'anthropic',
  'cohere',
  'deepseek',
  'google',
  'luma',
  'meta',
  'minimax',
  'mistral',
  'moonshot',
  'nvidia',
  'openai',
  'qwen',
  'stability',
  'twelvelabs',
  'writer',
  'xai',
  'zai',
] as const;

/** The vendor that a model id names. `other`: the id names no known vendor. `none`: no model was requested. */
export type ModelVendor = (typeof vendors)[number] | 'other' | 'none';

const known: ReadonlyMap<string, ModelVendor> = new Map([
  ...vendors.map((vendor) => [vendor, vendor] as const),
  // One vendor with two names.
  ['moonshotai', 'moonshot'] as const,
]);

/** The vendor of a model id. The set of results is closed, so input from clients never becomes a metric dimension. */
export function modelVendor(modelId: string | undefined): ModelVendor {
  if (modelId === undefined) return 'none';
  for (const name of namesIn(modelId)) {
    // The vendor is the first segment, or the second one after the geography of an inference profile.
    for (const segment of name.split('.', 2)) {
      const vendor = known.get(segment);
      if (vendor !== undefined) return vendor;
    }
  }
  return 'other';
}

/** The parts of an id that may name a model. In an ARN, they follow the type of the resource. */
function namesIn(modelId: string): readonly string[] {
  return modelId.startsWith('arn:') ? modelId.split('/', 3).slice(1) : [modelId];
}
