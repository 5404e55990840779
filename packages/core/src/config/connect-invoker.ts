import type { Role, RoleCredentials } from '../aws/assume-role.js';
import type { BedrockInvokerOptions } from '../bedrock/create-bedrock-invoker.js';
import type { ModelInvoker } from '../ports/model-invoker.js';
import type { ModelAlias } from '../routing/model-alias.js';
import { needsRouter } from '../routing/resolve-alias.js';

/** Creates an invoker, as `createBedrockInvoker` does. */
export type CreateInvoker = (options: BedrockInvokerOptions) => ModelInvoker;

/**
 * The invoker of a deployment. An alias with several targets, a Region or a role adds a router, which is loaded for its first call; all
 * other calls go to the one invoker, as without aliases.
 */
export function connectInvoker(
  create: CreateInvoker,
  options: BedrockInvokerOptions,
  aliases: Readonly<Record<string, ModelAlias>> = {},
): ModelInvoker {
  const own = create(options);
  if (!Object.values(aliases).some(({ targets }) => needsRouter(targets))) return own;
  let loading: Promise<ModelInvoker> | undefined;
  const router = () => {
    loading ??= loadRouter(create, options).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    async invoke(call) {
      return (call.targets ? await router() : own).invoke(call);
    },
    async stream(call) {
      return (call.targets ? await router() : own).stream(call);
    },
  };
}

async function loadRouter(create: CreateInvoker, options: BedrockInvokerOptions): Promise<ModelInvoker> {
  const { routingInvoker } = await import('../routing/routing-invoker.js');
  return routingInvoker({
    invokerFor: ({ region, roleArn, externalId }) =>
      create({
        ...options,
        ...(region !== undefined && { region }),
        ...(roleArn !== undefined && { credentials: () => assumed({ roleArn, externalId }, region ?? options.region) }),
      }),
  });
}

/** Credentials of a role. The SDK keeps them until they expire. */
async function assumed(role: Role, targetRegion: string | undefined): Promise<RoleCredentials> {
  const { assumeRole } = await import('../aws/assume-role.js');
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  // STS is asked where this process runs, if that is known.
  const region = AWS_REGION || AWS_DEFAULT_REGION || targetRegion;
  return assumeRole(role, region ? { region } : {});
}
