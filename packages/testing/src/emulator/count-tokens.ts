const charactersPerToken = 4;

/** About as many tokens as a model would count: one for each four characters begun. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken);
}
