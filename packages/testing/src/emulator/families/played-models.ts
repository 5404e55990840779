import { choicesAnswer } from '../../answers/choices-answer.js';
import { claudeCompletionAnswer } from '../../answers/claude-completion-answer.js';
import { commandAnswer } from '../../answers/command-answer.js';
import { commandRAnswer } from '../../answers/command-r-answer.js';
import { llamaAnswer } from '../../answers/llama-answer.js';
import { mistralTextAnswer } from '../../answers/mistral-text-answer.js';
import { novaAnswer } from '../../answers/nova-answer.js';
import { pegasusAnswer } from '../../answers/pegasus-answer.js';
import { titanAnswer } from '../../answers/titan-answer.js';
import { cohereRanking, jurassicAnswer, picture, type WholeAnswerFormat } from '../../answers/whole-answers.js';
import type { Payload } from '../payload.js';
import { claudeMessages } from './claude-messages.js';
import { cohereEmbedding, novaEmbedding, titanEmbedding } from './embedding-models.js';
import type { ModelFamily } from './model-family.js';
import { promptFamily } from './prompt-family.js';

const prompt = { prompt: ['prompt'], maxTokens: ['max_tokens'] };
const messages = { prompt: ['messages'], maxTokens: ['max_tokens'] };
const byPayload = (prompted: ModelFamily, chat: ModelFamily) => (payload: Payload) =>
  'prompt' in payload ? prompted : chat;

const finishes = { reasonKey: 'finish_reason', closing: 'metrics', counts: true } as const;
const stops = { reasonKey: 'stop_reason', closing: 'metrics', counts: false } as const;
const openAiChat = promptFamily(choicesAnswer({ text: 'delta', ...finishes }), messages);
const openAiText = promptFamily(choicesAnswer({ text: 'text', noReason: '', ...finishes }), prompt);
const llama = promptFamily(llamaAnswer, { prompt: ['prompt'], maxTokens: ['max_gen_len'] });
const nova = promptFamily(novaAnswer, { prompt: ['messages'], maxTokens: ['inferenceConfig', 'maxTokens'] });
const titan = promptFamily(titanAnswer, {
  prompt: ['inputText'],
  maxTokens: ['textGenerationConfig', 'maxTokenCount'],
});
const claudeText = promptFamily(claudeCompletionAnswer, { prompt: ['prompt'], maxTokens: ['max_tokens_to_sample'] });
const writer = { text: 'text', reasonKey: 'finish_reason', closing: 'done-word', counts: true } as const;

const plainCommand = promptFamily(commandAnswer, prompt);
/** Cohere Command streams deltas only if the body also asks for them. */
const command: ModelFamily = {
  ...plainCommand,
  readPrompt({ stream, ...payload }) {
    return { ...plainCommand.readPrompt(payload), isOneChunk: stream !== true };
  },
};

/** Imported models and Marketplace endpoints answer in the format of the request. */
export const playedByShape = (payload: Payload): ModelFamily => {
  if ('max_gen_len' in payload) return llama;
  return byPayload(openAiText, openAiChat)(payload);
};

/** Claude answers if an ARN names no model. */
export const defaultModelName = 'anthropic.claude-sonnet-4-6';
export const playedByDefault = byPayload(claudeText, claudeMessages(defaultModelName));

/** The family for each beginning of a model id without geography. The first row that fits applies. */
export const playedModels: readonly (readonly [RegExp, (payload: Payload, modelName: string) => ModelFamily])[] = [
  [/^anthropic\./, (payload, name) => byPayload(claudeText, claudeMessages(name))(payload)],
  [/^amazon\.nova-.*embeddings/, novaEmbedding],
  [/^amazon\.(?:nova-canvas|titan-image)/, () => embed(picture, ['textToImageParams', 'text'])],
  [/^amazon\.nova-/, () => nova],
  [/^amazon\.titan-embed/, titanEmbedding],
  [/^amazon\.titan-/, () => titan],
  [/^meta\.llama/, () => llama],
  [/^mistral\.(?:mistral-7b|mixtral|mistral-(?:small|large)-2402)/, () => promptFamily(mistralTextAnswer, prompt)],
  [
    /^mistral\.(?:mistral-large-2407|pixtral)/,
    () => promptFamily(choicesAnswer({ text: 'message', ...stops }), messages),
  ],
  [/^cohere\.command-r/, () => promptFamily(commandRAnswer, { prompt: ['message'], maxTokens: ['max_tokens'] })],
  [/^cohere\.command/, () => command],
  [/^cohere\.embed/, cohereEmbedding],
  [/^cohere\.rerank/, () => embed(cohereRanking, ['documents'])],
  [/^ai21\.j2-/, () => promptFamily(jurassicAnswer, { prompt: ['prompt'], maxTokens: ['maxTokens'] })],
  [/^ai21\./, () => promptFamily(choicesAnswer({ text: 'delta', ...finishes, closing: 'metrics-apart' }), messages)],
  [/^deepseek\.r1/, () => promptFamily(choicesAnswer({ text: 'text', ...stops }), prompt)],
  [/^writer\./, byPayload(promptFamily(choicesAnswer(writer), prompt), openAiChat)],
  [
    /^twelvelabs\.pegasus/,
    () => promptFamily(pegasusAnswer, { prompt: ['inputPrompt'], maxTokens: ['maxOutputTokens'] }),
  ],
  [/^stability\./, () => embed(picture, ['prompt'])],
  [/^(?:deepseek|google|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|zai)\./, () => openAiChat],
];

/** Models whose answers have no text. Their prompt is one text. */
function embed(answer: WholeAnswerFormat, at: readonly string[]): ModelFamily {
  return promptFamily(answer, { prompt: at });
}
