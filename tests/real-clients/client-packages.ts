// All versions are pinned: a new release of a client must not fail the build of another change.

/** The npm libraries of all clients, in one set, so that they are installed once. */
export const clientLibraries = {
  '@ai-sdk/amazon-bedrock': '4.0.186',
  '@ai-sdk/anthropic': '3.0.140',
  '@ai-sdk/openai': '4.0.118',
  '@ai-sdk/openai-compatible': '3.0.92',
  '@anthropic-ai/bedrock-sdk': '1.1.3',
  '@anthropic-ai/sdk': '1.14.0',
  '@aws-sdk/client-bedrock-runtime': '3.1164.0',
  '@langchain/aws': '1.4.5',
  '@langchain/core': '1.4.0',
  '@langchain/openai': '1.6.0',
  '@smithy/node-http-handler': '4.14.2',
  ai: '7.0.173',
  openai: '7.57.0',
  zod: '4.1.13',
} as const;

export const claudeCode = { '@anthropic-ai/claude-code': '2.1.332' } as const;
export const codex = { '@openai/codex': '0.169.0' } as const;
export const opencode = { 'opencode-ai': '1.18.33' } as const;
export const qwenCode = { '@qwen-code/qwen-code': '0.24.4' } as const;

/** The Python libraries of all clients. */
export const pythonLibraries = { anthropic: '1.13.0', boto3: '1.43.107', openai: '3.22.1' } as const;
