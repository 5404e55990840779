/**
 * @typedef {object} Turn
 * @property {'user' | 'assistant'} role
 * @property {string} text
 */

/**
 * What the form asks, in the words of no API. The last turn is the prompt.
 *
 * @typedef {object} Conversation
 * @property {readonly Turn[]} turns
 * @property {string} system empty if there is none
 * @property {number} maxTokens
 * @property {number} [temperature]
 */

/**
 * The messages of the APIs of OpenAI and of many models.
 *
 * @param {Conversation} conversation
 */
export function chatMessages({ turns, system }) {
  const messages = turns.map(({ role, text }) => ({ role, content: text }));
  return system === '' ? messages : [{ role: 'system', content: system }, ...messages];
}

/**
 * The messages of the APIs of Bedrock and of Nova.
 *
 * @param {Conversation} conversation
 */
export function blockMessages({ turns }) {
  return turns.map(({ role, text }) => ({ role, content: [{ text }] }));
}

/**
 * One text, for models that complete a prompt.
 *
 * @param {Conversation} conversation
 */
export function promptText({ turns, system }) {
  const [only, ...others] = turns;
  if (only !== undefined && others.length === 0) return system === '' ? only.text : `${system}\n\n${only.text}`;
  const names = { user: 'User', assistant: 'Assistant' };
  const lines = turns.map(({ role, text }) => `${names[role]}: ${text}`);
  return [...(system === '' ? [] : [system]), ...lines, 'Assistant:'].join('\n\n');
}

/**
 * A member for the temperature, if there is one.
 *
 * @param {Conversation} conversation
 */
export function temperatureOf({ temperature }) {
  return temperature === undefined ? {} : { temperature };
}
