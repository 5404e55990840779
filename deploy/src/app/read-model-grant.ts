import type { DetailedModelGrant } from '../model-access/model-grant.ts';

/** Reads one model of the command line: `ID`, and where the id does not say it all `ID=SOURCE+SOURCE@REGION+REGION`. */
export function readModelWord(word: string): DetailedModelGrant {
  const [named = '', regions] = word.split('@');
  const [modelId = '', sources] = named.split('=');
  return {
    modelId,
    ...(sources !== undefined && { madeFrom: sources.split('+') }),
    ...(regions !== undefined && { destinationRegions: regions.split('+') }),
  };
}
