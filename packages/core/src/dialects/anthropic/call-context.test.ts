import { expect, it } from 'vitest';
import { refusedModels } from './call-context.js';

it('forgets the oldest of a thousand models first', () => {
  const models = refusedModels();
  for (let index = 0; index < 1_000; index += 1) models.add(`m-${index}`);
  models.add('m-0');
  models.add('m-1000');
  expect(['m-0', 'm-1', 'm-2', 'm-1000'].map(models.has)).toEqual([true, false, true, true]);
});
