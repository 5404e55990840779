import { defineConfig } from 'tsup';
import { lambdaBundle } from '../../scripts/build/lambda-bundle.ts';
import { library } from '../../scripts/build/library.ts';

export default defineConfig([
  library('lambda-adapter'),
  lambdaBundle('src/lambda.ts', 'dist/lambda'),
  lambdaBundle('src/web-function.ts', 'dist/web-function'),
]);
