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

/** What the emulated model says to a prompt: words about the prompt, the same ones each time. */
export function composeAnswer(prompt: string): string {
  const words = prompt.split(/\s+/u).filter((word) => word !== '');
  if (words.length === 0) return `You sent me no words. ${remark(prompt, 0)}`;
  const quote = words.slice(0, quotedWords).map(shorten).join(' ');
  const ellipsis = words.length > quotedWords ? ' …' : '';
  const count = words.length === 1 ? 'one word' : `${words.length} words`;
  return `You sent me ${count}: “${quote}${ellipsis}”. ${remark(prompt, 0)} ${remark(prompt, 1)}`;
}

/** The answer in the pieces in which it is streamed: word by word, the space before each word with it. */
export function splitWords(text: string): string[] {
  return text.match(/\s*\S+/gu) ?? [];
}

/** About as many tokens as a model would count: one for each four characters begun. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}

function shorten(word: string): string {
  // No character is longer than two code units, so this many hold all that is quoted.
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
