import { detailsOf } from '../model-access/model-grant.ts';
import type { AppOptions } from './app-options.ts';

/**
 * The shell command that checks a deployment.
 *
 * @param outputs the file that CDK writes: the outputs of each stack, as JSON
 */
export function doctorCommand(outputs: string, { models, auth }: AppOptions): string {
  const [stack = {}]: Readonly<Record<string, string>>[] = Object.values(JSON.parse(outputs));
  const { Url: url = 'URL', ReadToken: readToken } = stack;
  const [grant] = models === 'every-model' ? [] : models;
  const token = readToken === undefined ? '…' : `$(${readToken})`;
  return [
    ...('allowAnonymous' in auth ? [] : [`BEDROCK_PROXY_TOKEN=${token}`]),
    `npm run doctor -- ${url}`,
    ...(grant === undefined ? [] : [`--model ${detailsOf(grant).modelId}`]),
  ].join(' ');
}
