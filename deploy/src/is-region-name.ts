/** Whether a word has the form of a Region's name, such as `eu-west-1` or `us-gov-east-1`. */
export function isRegionName(word: string): boolean {
  return /^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(word);
}
