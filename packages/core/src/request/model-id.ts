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
