/**
 * The model of all examples. Every commercial Region can call a global profile, and a model of Amazon needs no access form.
 */
export const defaultModel = 'global.amazon.nova-2-lite-v1:0';

/** The Claude model of the examples. An account fills in Anthropic's form once before it may call the model. */
export const defaultClaude = 'global.anthropic.claude-haiku-5-5';

/** The models that a deployment may call if it names none. */
export const defaultModels = [defaultModel, defaultClaude];
