import type { DetailedModelGrant } from '../model-access/model-grant.ts';

/** Reads one item of `--models`: `ID`, `ID@REGION+REGION`, or `ARN=SOURCE+SOURCE@REGION+REGION`. */
export function readModelGrant(item: string): DetailedModelGrant {
  const [named = '', regions] = item.split('@');
  const [modelId = '', sources] = named.split('=');
  return {
    modelId,
    ...(sources !== undefined && { madeFrom: sources.split('+') }),
    ...(regions !== undefined && { destinationRegions: regions.split('+') }),
  };
}
