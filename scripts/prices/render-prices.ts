import { join } from 'node:path';
import type { ModelInfo } from '@pydantic/genai-prices';
import { workspaceRoot } from '../workspace.mjs';
import { readPrices } from './read-prices.ts';

export const pricesFile = join(workspaceRoot, 'packages/core/src/limits/built-in-prices.ts');

/** The source of the built-in prices. */
export function renderPrices(models: readonly ModelInfo[], date: string): string {
  const { regional, global } = readPrices(models, date);
  return `// Generated from @pydantic/genai-prices (MIT): npm run prices. To correct a price of your own, set PRICES.
import type { BuiltInPrices } from './price.js';

/** The day on which these prices were read. A release needs prices of the last 120 days. */
export const pricesOf = '${date}';

export const builtInPrices: BuiltInPrices = {
  regional: {
${rows(regional)}
  },
  global: {
${rows(global)}
  },
};
`;
}

function rows(prices: Readonly<Record<string, object>>): string {
  return Object.entries(prices)
    .map(([id, price]) => row(id, price))
    .join('\n');
}

const widest = 120;

/** Formatted as Biome does. */
function row(id: string, price: object): string {
  const members = Object.entries(price).map(
    ([key, value]) => `${key}: ${typeof value === 'object' ? `{ ${pairs(value).join(', ')} }` : value}`,
  );
  const line = `    '${id}': { ${members.join(', ')} },`;
  if (line.length <= widest) return line;
  return [`    '${id}': {`, ...members.map((member) => `      ${member},`), '    },'].join('\n');
}

function pairs(value: object): readonly string[] {
  return Object.entries(value).map(([key, entry]) => `${key}: ${entry}`);
}
