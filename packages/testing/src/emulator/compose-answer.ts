const quotedWords = 12;
const longestQuotedWord = 40;
const charactersPerToken = 4;

const remarks = [
  'I am an emulator, so all I know of the matter is what you have just told me.',
  'A real model would say something wise here; I say something steady, one word at a time.',
  'Ask me the same again and you will read the same again, which is more than most models promise.',
  'Nothing of this left your machine, and nobody will send a bill for it.',
  'If these words reach you one by one, then everything between us streams as it should.',
  'The day this prompt meets a real model, only the words will change.',
] as const;

/** The answer of the emulated model: a text about the prompt, the same for each call. */
export function composeAnswer(prompt: string): string {
  const words = prompt.split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0) return `You sent me no words. ${remark(prompt, 0)}`;
  const quote = words.slice(0, quotedWords).map(shorten).join(' ');
  const ellipsis = words.length > quotedWords ? ' …' : '';
  const count = words.length === 1 ? 'one word' : `${words.length} words`;
  return `You sent me ${count}: “${quote}${ellipsis}”. ${remark(prompt, 0)} ${remark(prompt, 1)}`;
}

/** The pieces of a streamed answer. Each piece is one word with the space before it. */
export function splitWords(text: string): string[] {
  return text.match(/\s*\S+/gu) ?? [];
}

/** An estimate of the tokens that a model would count: one for every four characters, rounded up. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

function shorten(word: string): string {
  // A character has at most two code units, so this slice contains the whole quotation.
  const beginning = Array.from(word.slice(0, 2 * longestQuotedWord))
    .slice(0, longestQuotedWord)
    .join('');
  return beginning === word ? word : `${beginning}…`;
}

function remark(prompt: string, offset: number): string {
  let hash = 0;
  for (let index = 0; index < prompt.length; index += 1) hash = (hash * 31 + prompt.charCodeAt(index)) >>> 0;
  return remarks[(hash + offset) % remarks.length] ?? remarks[0];
}
