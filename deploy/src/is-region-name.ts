/** Whether a text has the form of a Region name, such as `eu-west-1` or `us-gov-east-1`. */
export function isRegionName(text: string): boolean {
  return /^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(text);
}
