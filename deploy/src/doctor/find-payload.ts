import { ask } from './ask.ts';
import type { Deployment, ModelDeployment } from './deployment.ts';
import { parse } from './error-object.ts';
import type { Finding } from './finding.ts';
import { payloadFor } from './payload-for.ts';

const check = 'alias';
/** For each maker, a part of an id by which `payloadFor` knows its models. */
const families: Readonly<Record<string, string>> = {
  anthropic: 'anthropic.claude',
  amazon: 'amazon.nova',
  meta: 'meta.llama',
};

/**
 * Adds the request body for an alias. Its name does not tell which body its models take: the list of models of the proxy names their
 * maker. Returns a finding if the list does not help.
 */
export async function findPayload(deployment: Deployment): Promise<ModelDeployment | Finding> {
  const { payload, modelId, url, token } = deployment;
  if (payload) return { ...deployment, payload };
  const { status, text } = await ask({ ...deployment, url: new URL('v1/models', url) }, { method: 'GET', token });
  const owner = status === 200 ? ownerIn(parse(text), modelId) : undefined;
  if (status !== 200) {
    return {
      check,
      verdict: 'skip',
      line: `the request body for ${modelId} is unknown: GET /v1/models answered ${status}`,
      fix: "use --payload with a request body of the alias's models",
    };
  }
  if (owner === undefined) {
    return {
      check,
      verdict: 'fail',
      line: `this token may use no model or alias named ${modelId}`,
      fix: 'add it to MODEL_ALIASES, and its models or @name to ALLOWED_MODELS and to the models of the token',
    };
  }
  const family = families[owner];
  if (family !== undefined) return { ...deployment, payload: payloadFor(family) };
  return {
    check,
    verdict: 'skip',
    line: `the request body for the models of ${modelId} is unknown (${owner})`,
    fix: 'use --payload with a request body of these models',
  };
}

function ownerIn(list: unknown, id: string): string | undefined {
  const data = typeof list === 'object' && list !== null && 'data' in list ? list.data : undefined;
  const models: readonly unknown[] = Array.isArray(data) ? data : [];
  for (const model of models) {
    if (typeof model !== 'object' || model === null || !('id' in model) || model.id !== id) continue;
    return 'owned_by' in model ? String(model.owned_by) : undefined;
  }
  return undefined;
}
