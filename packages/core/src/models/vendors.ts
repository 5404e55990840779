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
  'zai',
] as const;

/** Who made a model, as far as its id tells: `other` for ids that name nobody known, `none` where no model was asked for. */
export type ModelVendor = (typeof vendors)[number] | 'other' | 'none';

const known: ReadonlyMap<string, ModelVendor> = new Map([
  ...vendors.map((vendor) => [vendor, vendor] as const),
  // One maker under two names.
  ['moonshotai', 'moonshot'] as const,
]);

/** A label of a closed set for an id of any length and content, so that what clients send never becomes a dimension. */
export function modelVendor(modelId: string | undefined): ModelVendor {
  if (modelId === undefined) return 'none';
  for (const name of namesIn(modelId)) {
    // The vendor comes first, or second after the geography of an inference profile.
    for (const segment of name.split('.', 2)) {
      const vendor = known.get(segment);
      if (vendor !== undefined) return vendor;
    }
  }
  return 'other';
}

/** The parts of an id that may name a model: of an ARN's resource, those behind its kind. */
function namesIn(modelId: string): readonly string[] {
  return modelId.startsWith('arn:') ? modelId.split('/', 3).slice(1) : [modelId];
}
