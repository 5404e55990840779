import { expect, it } from 'vitest';
import { publishPackages } from './publish-packages.mjs';

it('publishes nothing under a tag that is not the packages’ version', async () => {
  await expect(publishPackages({ tag: 'v999.0.0', dryRun: true })).rejects.toThrow(
    /^the tag is v999\.0\.0, and @bedrock-proxy\/core is \d+\.\d+\.\d+: run npm run changeset -- version, then tag that commit$/,
  );
});
