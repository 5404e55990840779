import { writeFileSync } from 'node:fs';
import { findProvider } from '@pydantic/genai-prices';
import { pricesFile, renderPrices } from './render-prices.ts';

const help = `Usage: npm run prices

Writes the built-in prices of Bedrock's models from the pinned package @pydantic/genai-prices, as they hold today. To take newer
prices, update that package first.`;

if (process.argv.includes('--help')) {
  console.log(help);
} else {
  const models = findProvider({ providerId: 'aws' })?.models ?? [];
  writeFileSync(pricesFile, renderPrices(models, new Date().toISOString().slice(0, 10)));
  console.log(`wrote the prices of ${models.length} models`);
}
