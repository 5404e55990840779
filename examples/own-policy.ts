/**
 * A proxy with its own policy: each team has a token and a budget of output tokens. The budget is updated after every response,
 * including failed and abandoned ones. Deploy it behind a Function URL, like the ready-made bundle.
 */
import { type AccessPolicy, allOf, bearerTokens, createProxy, modelAllowlist } from '@bedrock-proxy/core';
import { createBedrockInvoker } from '@bedrock-proxy/core/bedrock';
import { createFunctionUrlHandler } from '@bedrock-proxy/lambda-adapter';

/** Stores the budgets. In production, use a database, because many instances of a function run at the same time. */
export interface Budgets {
  left(team: string): Promise<number>;
  spend(team: string, tokens: number): Promise<void>;
}

/** Admits the callers that `known` admits, until their budget is spent. */
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

/** Keeps budgets in memory, for tests and demonstrations. */
export function budgetsInMemory(tokens: Readonly<Record<string, number>>): Budgets {
  const left = new Map(Object.entries(tokens));
  return {
    left: async (team) => left.get(team) ?? 0,
    async spend(team, spent) {
      left.set(team, (left.get(team) ?? 0) - spent);
    },
  };
}

// The SHA-256 of each team's token. The configuration holds no tokens.
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
