/**
 * A proxy with a policy of one's own: teams with a token each, and a budget of output tokens that is settled after every
 * answer, those that failed or were left half-way too. Deployed like the ready-made bundle, behind a Function URL.
 */
import { type AccessPolicy, allOf, bearerTokens, createProxy, modelAllowlist } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';

/** Where budgets are kept. Many copies of a function run at once, so in earnest this is a database. */
export interface Budgets {
  left(team: string): Promise<number>;
  spend(team: string, tokens: number): Promise<void>;
}

/** Lets in whom `known` lets in, for as long as their budget lasts. */
export function withinBudget(known: AccessPolicy, budgets: Budgets): AccessPolicy {
  return async (request) => {
    const decision = await known(request);
    if (!decision.allow) return decision;
    const team = decision.principal;
    if ((await budgets.left(team)) <= 0) {
      return {
        allow: false,
        code: 'quota_exceeded',
        message: 'The budget of this team is spent. Ask for a larger one.',
      };
    }
    return {
      ...decision,
      async settle(usage, outcome) {
        await decision.settle?.(usage, outcome);
        await budgets.spend(team, usage.outputTokens ?? 0);
      },
    };
  };
}

/** Budgets in memory: for a test, and to see it run. */
export function budgetsInMemory(tokens: Readonly<Record<string, number>>): Budgets {
  const left = new Map(Object.entries(tokens));
  return {
    left: async (team) => left.get(team) ?? 0,
    async spend(team, spent) {
      left.set(team, (left.get(team) ?? 0) - spent);
    },
  };
}

// sha256sum of each team's token: the tokens themselves stand nowhere.
const teams = bearerTokens([
  { id: 'search', sha256: process.env.SEARCH_TOKEN_SHA256 ?? '0'.repeat(64) },
  {
    id: 'support',
    sha256: process.env.SUPPORT_TOKEN_SHA256 ?? '0'.repeat(64),
    models: ['*.amazon.nova-*', 'amazon.nova-*'],
  },
]);
const budgets = budgetsInMemory({ search: 1_000_000, support: 200_000 });

export const handler = createFunctionUrlHandler(
  createProxy({
    invoker: createBedrockInvoker(),
    access: allOf(modelAllowlist(['*anthropic.*', '*amazon.nova-*']), withinBudget(teams, budgets)),
  }),
);
